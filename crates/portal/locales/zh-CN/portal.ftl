# 首页
home-ask = 您要办什么事？
home-placeholder = 输入事项名称、拼音首字母或关键词
home-search = 搜索
home-hints = 常搜：
home-desk = 我的办事
home-space = 进入我的空间
home-used = 常办事项
home-all = 全部事项
home-halls = 附近的政务大厅
home-none-title = 还没有发布办事事项
home-none-text = 各部门发布的事项会出现在这里。
home-none-action = 看看怎么用
home-people = 个人办事
home-firms = 企业办事
home-news = 最近更新的办事指南
home-more = 还可以在这里
home-verify = 核验证照真假
home-looks = 谁看过我的信息
home-help = 看看怎么用
home-call = 打服务热线
items-unit = 个事项
item-instant = 当场办结
item-within = { $term }
item-no-visit = 不用跑

panel-waiting = { $n }件事等您处理
panel-running = { $n }件正在办理
panel-expiring = { $n }张证照快到期
panel-between = ，
panel-nothing = 现在没有等您处理的事。

big-title = 您想做什么？
big-do = 我要办事
big-do-note = 一步一步教您填
big-where = 办到哪里了
big-where-note = 登录后就能看到
big-papers = 我的证件
big-papers-note = 看证件，出示二维码
big-call = 打电话问人
big-call-note = 有人接听，帮您办

# 我的空间
space-title = 我的空间
space-waiting = 等您处理
space-waiting-none = 没有等您处理的事。
space-running = 正在办理
space-running-none = 没有正在办理的事
space-running-none-text = 您提交申请后，这里会显示现在由谁办、什么时候办完。
space-start = 去办事
space-certificates = 我的证照
space-certificates-none = 还没有电子证照
space-certificates-none-text = 事项办成后，电子证照会自动放到这里，可以下载、打印和出示。
space-finished = 已经办完
space-number = 证件号码
space-code = 统一社会信用代码
space-phone = 电话
space-acting = 经办人
space-masked = 号码只显示一部分，需要完整号码的地方，系统会替您填好。
draft-word = 没填完
draft-saved = 上次保存：{ $at }
draft-go-on = 接着填
case-number = { $day }提交，办件编号尾号{ $tail }
case-ended = 办结于{ $at }
case-you-until = 请在{ $at }前补正
case-held-until = 现在由{ $holder }办理，最迟{ $at }
case-held = 现在由{ $holder }办理
case-supplement = 去补正
case-look = 看进度
certificate-valid = 有效
certificate-later = 还没到启用日期
certificate-soon = { $days ->
    [0] 今天到期
   *[other] 还有{ $days }天到期
}
certificate-suspended = 暂停使用
certificate-expired = 已过期
certificate-ended = 已失效
certificate-from-until = { $from }至{ $until }有效
certificate-always = 长期有效
certificate-open = 查看

# 谁看过我的信息
looks-title = 谁看过我的信息
looks-lead = 每次有人或系统打开您的身份、户籍、社保等信息，都会先在这里记一笔，记不上就打不开。
looks-all = 查看全部记录
looks-none = 还没有人看过您的信息。
looks-none-text = 有人或系统打开您的信息时，这里会写明时间、是谁、看了什么、为什么看。
looks-back = 回到我的空间
looks-when = 时间
looks-who = 谁
looks-what = 看了什么
looks-why = 为什么
looks-agency = 机关
looks-any = 不限
looks-from = 从
looks-until = 到
looks-only-stray = 只看没有对应办件的
looks-filter = 筛选
looks-clear = 清除筛选
looks-none-here = 没有符合条件的记录
looks-none-here-text = 换个条件再试试。
looks-case = 办件
looks-law = 依据
looks-stray = 没有对应办件
looks-object = 提出异议
looks-sealed = 依法至{ $at }前没有告知您
looks-file = 下载为表格（CSV）
looks-objections = 我的异议和请求
looks-rights = 个人信息权利：复制、更正、删除
looks-counts = 依法暂不告知的查看：统计
looks-doubt = 觉得不对？
looks-doubt-text = 对不认可的查看，可以点“提出异议”，监督部门会核查并在期限内答复您。也可以拨打服务热线
list-between = 、

# 帮助与说明
text-phone = 还有不清楚的地方，请拨打服务热线
help-title = 帮助
help-lead = 不用注册，不用下载软件，从首页搜到事项就能办。
help-1 = 怎么办一件事
help-1-a = 在首页输入要办的事，打开办事指南，点“开始办理”。
help-1-b = 政府已经掌握的信息，系统会替您填好并写明来自哪里。您只填剩下的。
help-1-c = 填的内容会自动保存。中途离开、换手机、断网都不要紧，回到“我的空间”接着填。
help-2 = 提交以后
help-2-a = 页面会给您办件编号，写明现在由谁办理、最迟什么时候办完，以及期限是怎么算的。
help-2-b = 材料不齐时，工作人员会一次说清要补什么，不会让您来回跑。
help-3 = 办好的证照
help-3-a = 电子证照放在“我的空间”，可以下载、自己打印，也可以出示二维码。
help-3-b = 任何人都可以在“证照核验”里查真假，只看得到依法可以公开的内容。
help-4 = 您的信息谁看过
help-4-a = 每一次查看都有记录，您随时可以在“谁看过我的信息”里看到。
help-5 = 字太小，或者不会用
help-5-a = 点页面上方的“长者模式”，字会变大，首页只留四个大按钮。
help-5-b = 也可以直接打电话，有人接听。
about-title = 关于我们
about-lead = 一个门、一张网、一次办：本网站由政府主办，办事不收取任何网站费用。
about-1 = 我们做什么
about-1-a = 把各部门的办事事项放在一起，让您在网上从头办到尾。
about-1-b = 一个部门知道的，别的部门不再要您证明。
about-2 = 我们怎么对待您的信息
about-2-a = 身份证号、电话等信息加密保存，页面上只显示一部分。
about-2-b = 谁在什么时候为了哪件事看过，您自己能查到。
about-3 = 不满意怎么办
about-3-a = 每份办事指南都写明了投诉方式；对决定不服的，决定书上写明了复议和诉讼的期限与机关。
accessibility-title = 无障碍说明
accessibility-lead = 我们希望每一个人都能自己办成事，不论看得清看不清、用鼠标还是用键盘。
accessibility-1 = 已经做到的
accessibility-1-a = 所有页面可以只用键盘操作，焦点位置看得见；第一个链接可以直接跳到正文。
accessibility-1-b = 文字与背景的对比度不低于4.5比1，长者模式不低于7比1；不只靠颜色表达意思。
accessibility-1-c = 表单的每一处都有文字标签，出错时写明错在哪里、怎么改，读屏软件会念出来。
accessibility-1-d = 关掉脚本、放大到400%、用手机竖屏，都能办事。
accessibility-2 = 依据
accessibility-2-a = 《中华人民共和国无障碍环境建设法》，国家标准GB/T 37668—2019，以及WCAG 2.2的AA级。
accessibility-3 = 哪里不好用，请告诉我们
accessibility-3-a = 用页面底部的“我为政府网站找错”，或者打服务热线。
sitemap-title = 网站地图
sitemap-services = 办事
sitemap-mine = 我的
sitemap-account = 账号与登录设备
sitemap-tools = 查询与帮助
sitemap-site = 关于本站

# 我为政府网站找错
feedback-title = 我为政府网站找错
feedback-lead = 网页打不开、内容过时、写错了字，都请告诉我们。3个工作日内答复。
feedback-kind = 哪一类问题
kind-wrong = 内容不准确或过时
kind-typo = 错别字
kind-link = 链接打不开
kind-service = 网上办事用不了
kind-other = 其他
feedback-place = 出错的网址
feedback-place-hint = 把浏览器地址栏里的网址粘贴过来。
feedback-text = 哪里有错
feedback-text-hint = 1000字以内，请不要写身份证号等个人信息。
feedback-contact = 您的联系方式
feedback-contact-hint = 手机或邮箱，只用于答复，加密保存。
feedback-send = 提交
feedback-look-up = 查答复
feedback-number = 留言编号
feedback-find = 查询
feedback-answer-title = 留言与答复
feedback-thanks = 收到了，谢谢您
feedback-thanks-text = 请记下编号，3个工作日后可以在这里查答复。
feedback-at = 提交时间
feedback-reply = 答复
feedback-no-reply = 还没有答复。
feedback-home = 回到首页
feedback-received = 收到的找错留言
feedback-none = 还没有人留言
feedback-none-text = 读者指出的错误会出现在这里，请在3个工作日内答复。
feedback-answer = 答复

# 一件事与情形引导
themes-title = 一件事
themes-lead = 一件事要跑几个部门的，合成一张表、一套材料、一次办好。
themes-none = 还没有“一件事”
themes-none-text = 发布后会出现在这里。您也可以自己把几个事项合在一起办。
themes-own = 自己选几个事项一起办
plan-title = 一起办的清单
plan-lead = 您选的事项合在一起：一张表，一套材料，一次交费，一次寄送。
choose-title = 选择一起办的事项
choose-lead = 勾选要一起办的事项，马上就能看到合在一起要带什么、多久办好。
choose-words = 事项名称或关键词
choose-chosen = 已经选的
choose-found = 可以选的
choose-none = 没有找到，请换个说法再搜。
choose-more = 这里只列出前{ $n }个，其余的请搜索；已经勾选的会保留。
choose-nothing = 请至少勾选一个事项。
choose-most = 一次最多{ $n }个事项。
choose-go = 看合在一起要什么
choose-change = 增减事项
missing-title = 其中有的事项这里还没有开通
missing-text = 下面只列出已经开通的部分，其余的请向主管部门咨询。
reconstructed-title = 这份指南是演示用的
reconstructed-text = 内容根据公开资料整理，不是主管部门发布的原文。
guide-asks = 先回答几个问题
ask-several = （可以选几项）
guide-side = 您是哪一方？选了以后，您自己的证照和存过的材料也算进去。
guide-again = 更新清单
guide-count = { $papers }份材料，{ $bring ->
    [0] 什么都不用带
   *[other] 只要带{ $bring }份
}，{ $days }
guide-open = 还有{ $n }个问题没有回答，现在按最多的算；回答以后只会更少。
guide-at-once = 当场办结
guide-days = { $n }个工作日办好
guide-apply = 全部一起办
guide-sign-in = 登录后办理
glance-papers = 材料
glance-papers-value = { $bring ->
    [0] 不用带
   *[other] { $papers }份，带{ $bring }份
}
glance-days = 多久
glance-visits = 要跑几趟
glance-visits-value = { $n ->
    [0] 不用跑
   *[other] { $n }趟
}
glance-fee = 费用
glance-free = 不收费
guide-bring = 要您带来的
guide-bring-none = 什么都不用带。
guide-not-exact = 事项太多，这份清单未必是最少的。
guide-spared = 不用您带的
guide-spared-count = 另有{ $n }份不用您带，看看为什么
steps-done = 第{ $day }个工作日办好
guide-form = 要填的表
guide-fields = 只填一张表：一共{ $all }栏，{ $known }栏由系统填好（您本人的和房屋等登记里的；另一方的由你们填写），您填{ $asked }栏。
guide-members = 包括哪些事项
members-open = 有{ $n }项要不要办，看您怎么回答
members-left = 有{ $n }项不用办，看看为什么
member-taken = 要办
member-left = 不用办
member-open = 看情况
guide-steps = 怎么办
guide-time-same = 一共{ $days }个工作日。
guide-time = { $days ->
    [0] 各部门当场办结。
   *[other] 各部门同时办，一共{ $days }个工作日；一个一个办要{ $serial }个工作日。
}
guide-holds-up = 最费时间的是“{ $item }”的“{ $step }”：这一步晚一天，全部晚一天。
step-at-once = 当场
step-when = 第{ $day }个工作日开始，{ $term }
step-critical = 影响总时间
guide-fees = 费用
guide-fees-none = 不收费。
guide-results = 办成后得到
guide-parcels = { $n ->
    [1] 全部结果一次寄给您。
   *[other] 分{ $n }次寄给您。
}
guide-changes = 和以前比
change-what = 比什么
change-before = 以前
change-now = 现在
change-papers = 要交的材料（份）
change-forms = 要填的表（张）
change-fields = 要填的栏（栏）
change-visits = 要跑的趟数（趟）
change-days = 要等的时间（工作日）
guide-fallen = 哪些材料不用交了，为什么
guide-print = 打印这份清单
how-maybe = 少数人要
how-asked = 您带来
how-same-as = 已有别的证明
how-held = 您有电子证照
how-kept = 您以前交过
how-fetched = 系统去查
how-produced-by = 一起办出来
how-declared = 您作承诺
paper-for = 用于：{ $items }
paper-optional = 可以不交
paper-later = 可以先办后补
original-look = 原件看一下，当场还您
original-keep = 原件要收下
original-take-back = 原件要收回注销

# 免申即享
due-title = 我能享受什么
due-lead = 不用您申请：经您同意，系统查一查政府已经掌握的信息，告诉您可以享受哪些待遇、能办哪些事。
due-asked = 为看{ $n }个事项，要查这些登记
due-asked-text = 查询只用来回答您这一次，结果不保存；每查一次都会记在“谁看过我的信息”里。
due-child = 给孩子{ $name }
due-children = 您有未满18周岁的孩子的，也用孩子的号码查孩子能享受什么。
due-consent = 我同意查询我的上述信息，用来告诉我可以享受什么。
due-consent-missing = 请先勾选同意，不同意就不会查询。
due-button = 帮我查一查
due-found = 查到{ $n }项
due-sure = 可以享受
due-maybe = 可能可以
due-missing = 还不知道：
due-apply = 现在办
due-tap = 一键办理
due-tap-text = 需要的信息都已掌握，不用填表、不用交材料。点“一键办理”就是正式提交，并声明：
due-tap-declare = 下面要提交的内容属实，同意部门为办理这个事项核对登记数据。
due-tap-rows = 要提交的内容
due-begun = 您有一份没有提交的草稿，接着办。
due-go-on = 接着办
due-asks = 只要您再补充：
due-running = 已经申请过，看进度和结果
due-none = 目前没有查到
due-none-text = 按现在掌握的信息，没有您不申请就能享受的。情况有变化时可以再查。
due-down = 有的系统现在连不上，结果可能不全
due-looks = 这次查了什么，可以在这里看到：
due-nothing = 还没有可以这样查的事项
due-nothing-text = 各部门开通后会出现在这里。
space-offers = 等您答复的委托
space-offers-text = 有人想委托您代为办事。点开可以看委托办哪些事；接受时要输入您的登录密码。
space-ending = 快到期的
space-all-cases = 全部办件
space-all-certificates = 全部证照
cases-title = 我的办件
offer-from = { $name }想委托您办事
offer-all = 全部事项
offer-items = 共{ $n }个事项
offer-until = 有效期至{ $until }
offer-accept = 接受
offer-refuse = 不接受
soon-until = { $until }到期，还有{ $days }天
soon-mandate-to = 您给{ $name }的委托
soon-mandate-from = 您代{ $name }办事的委托
soon-guardian = { $name }作为监护人代您办事
soon-child = 您作为监护人代{ $name }办事
space-payments = 我的缴款
space-deliveries = 我的快件
space-addresses = 地址簿
space-papers = 我交过的材料
space-rights = 个人信息权利
sitemap-query = 凭编号和查询码查办件
sitemap-publicity = 正在公示
sitemap-ratings = 服务评价公开
sitemap-sealed = 依法保密的查阅统计
space-ratings = 服务评价
space-appointments = 我的预约
space-ratable = { $n }件可评价
space-mandates = 授权委托

# 我的空间里的一件事
matter-confirm = 等您确认
matter-confirm-do = 确认参加
matter-supplement = 待补正
matter-running = 正在办理
matter-ended = 已办结
matter-named = { $item }等{ $n }项
matter-cases = { $day }提交，共{ $n }项，已办结{ $over }项

space-all-waiting = 全部等您处理的事
promise-word = 承诺补交
promise-do = 去补交
promise-of = 补交“{ $name }”（{ $item }）
promise-case = 办件编号{ $number }
promise-until = 请在{ $at }前交齐
branches-title = 分支机构
branches-text = 每个分支机构有自己的空间。您管理总机构，可以进入并代为办事。
branches-none = 没有分支机构
branches-none-text = 登记信息中没有本单位的分支机构。
branches-waits = { $n ->
        [0] 没有等它处理的事
       *[other] 有{ $n }件事等它处理
    }
branches-waits-many = 有{ $n }件以上的事等它处理
branches-ends = { $n ->
        [0] { $days }天内没有到期的证照
       *[other] { $days }天内有{ $n }个证照到期
    }
branches-ends-many = { $days }天内有{ $n }个以上的证照到期
branches-latest = 最近办理：{ $item }，{ $state }
branches-in = 进入

messages-title = 消息
messages-unread = { $n }条未读
messages-none = 还没有消息
messages-none-text = 办件的通知书和工作人员给您的留言会放在这里。
messages-talk = 关于“{ $item }”的留言
messages-notice = { $title }（{ $item }）
messages-from = { $agency }，{ $at }
messages-new = 未读
messages-read = 已读
messages-open = 查看
facts-title = 政府掌握的我的信息
facts-text = 每条信息由登记它的机关负责。发现有误，可以请该机关更正；它自己能查到的，不用您证明。
facts-here = 本平台保存的
facts-here-by = 来自您的注册信息
facts-name = 姓名或名称
facts-number = 证件号码
facts-phone = 电话
facts-address = 地址
facts-representative = 法定代表人
facts-registers = 登记机关保存的
facts-registers-text = 下列登记信息可以用您的号码查询。只有您要求时才会查询，查询会记入“谁查看过我的信息”。
facts-registers-none = 没有可以用您的号码查询的登记信息。
facts-ask = 查看登记内容
facts-by = 由{ $agency }登记
facts-asked = { $at }查询
facts-record-none = 没有关于您的登记。
facts-down = 现在连不上，请稍后再试。
facts-closed = 这项信息不向本平台共享，请向{ $agency }查询。
facts-correct = 申请更正
facts-empty = 未登记
facts-yes = 是
facts-no = 否
