my-space = 我的空间
back-to-case = 返回办件

# 申请
apply-title = 申请：{ $item }
apply-not-for-you = 您现在的身份不能申请这个事项
apply-for = 申请人
apply-promised = 承诺办结
apply-statutory = 法定时限
apply-pages = 共几页
apply-draft-title = 您有一份没有填完的申请
apply-draft = 上次保存于{ $at }，内容都在。
apply-continue = 继续填写
apply-start = 开始填写
apply-papers = 需要什么
apply-no-papers = 不需要提交材料。
apply-paper = 材料
apply-how = 怎么提供
apply-why = 说明
apply-steps = 填写步骤
apply-guide = 查看“{ $item }”的办事指南
how-asked = 请您上传
how-held = 已有电子证照
how-fetched = 系统代查
how-declared = 书面声明

# 草稿
draft-steps = 填写步骤
draft-saved = 已保存 { $at }
draft-uploading = 正在上传
draft-continue = 保存并继续
draft-back = 上一步
draft-leave = 保存并离开
stale-title = 两处修改了同一份草稿
stale-text = 您填写期间，这份申请在别处(另一个窗口或设备)也保存过。请选择保留哪一份，另一份不会生效。
stale-mine = 您刚才填写的
stale-theirs = 另一处保存的({ $at })
stale-keep-mine = 保留我刚才填写的
stale-keep-theirs = 保留另一处保存的

# 核对与提交
check-title = 核对并提交
check-lead = 请核对“{ $item }”的全部内容。将以“{ $subject }”的名义提交。
check-wrong = 这一部分还需要修改
check-fix = 去修改“{ $part }”
check-nothing = 没有填写内容。
check-change = 修改
check-declare-title = 声明与提交
check-goes-to = 提交后由{ $agency }办理，承诺{ $term }内办结。
check-declare = 我声明以上内容真实、完整，并同意以电子方式接收办理结果。
check-submit = 提交申请
check-not-ready = 请先修改标出的内容，再提交。

# 提交之后
filed-title = 申请已提交
filed-closed-title = 已办结
filed-refused-title = 申请未获准
filed-number = 办件编号
filed-next = 接下来
filed-certificate-ready = 证照已经制好，现在就可以查看、下载和打印。
filed-nothing-more = 不需要您再做什么。
filed-holder = 现在由{ $agency }办理。办理结果会出现在您的空间里。
filed-follow = 查看进度
filed-calendar = 加入日历
filed-print = 打印回执
filed-phone = 咨询电话
fact-item = 事项
fact-subject = 申请人
fact-filed-at = 提交时间
fact-state = 状态

# 进度
held-by = 现在由{ $agency }办理
timeline-title = 办理过程
terms-title = 期限
terms-none = 现在没有在计算的期限。
term-why = 怎么算的
term-law = 依据：
term-promise = 办理机关的承诺
term-until = { $term }，至{ $end }
term-running = 计算中
term-passed = 已超期
term-met = 按时完成
term-met-late = 逾期完成
term-stopped = 已停止计算
term-provisional = (节假日安排公布前为暂定)
answers-title = 提交的内容
papers-title = 材料
papers-none = 没有材料。
paper-file = 已上传
paper-certificate = 电子证照
paper-fetched = 由登记部门数据核对
paper-declared = 书面声明
acts-title = 全程留痕
acts-text = 每一步都有记录，记录之间前后相扣，改动会被发现。
acts-export = 下载留痕记录
acts-show = 查看全部{ $n }条记录
acts-seq = 序号
acts-at = 时间
acts-who = 经办
acts-what = 内容
acts-recorded = 补录于{ $at }
progress-guide = 查看办事指南
certificates-title = 证照已经制好
certificate-open = 查看证照
refused-title = 不予办理的理由
remedies-title = 如果您不同意：
absent-title = 有一项数据暂时取不到
absent-text = 办件继续办理；数据恢复后系统会自动补取，只有最后的决定要等它。您不需要做什么。
state-closed-refused = 已办结(不予)
state-closed-approved = 已办结(准予)
now-supplement = 等您补正
held-detail = 等待登记部门的数据，系统会自动补取
next-decision = 作出决定
since = { $at }起
by-rule = 系统按规则核验
right-body = { $reason } 请向{ $body }申请。

# 事件
event-filed = 收到申请
event-facts-seen = 查询登记数据
event-accepted = 受理
event-not-accepted = 不予受理
event-step-held = 等待数据
event-step-opened = 转交办理
event-step-passed = 环节通过
event-step-failed = 环节不通过
event-step-skipped = 环节不适用
event-step-passed-title = { $step }：通过
event-step-failed-title = { $step }：不通过
event-supplement-asked = 告知补正
event-supplemented = 已补正
event-decided = 作出决定
event-decided-approved = 决定：准予
event-decided-refused = 决定：不予
event-certified = 制作证照
event-delivered = 电子送达
event-closed = 办结
event-withdrawn = 申请人撤回

# 谁
actor-applicant = 申请人
actor-clerk = 窗口人员
actor-examiner = 审查人员
actor-supervisor = 监督人员
actor-operator = 运维人员
actor-system = 系统
actor-visitor = 访客
role-applicant = 申请人
role-buyer = 买方
role-seller = 卖方

# 补正
supplement-title = 需要您补正
supplement-lead = 只需要改下面这几栏，其他内容都保持您提交时的样子。补正只会要求这一次。
supplement-asked = 办理机关说明
supplement-go = 去补正
supplement-do = 提交补正

# 撤回
withdraw-title = 撤回申请
withdraw-text = 撤回后，办理机关不再办理这份申请。您以后可以重新申请。
withdraw-reason = 撤回原因
withdraw-do = 撤回申请
withdraw-too-late = 这个办件已经结束，不能撤回
