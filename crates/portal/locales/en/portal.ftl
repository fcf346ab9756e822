# Home
home-ask = What would you like to do?
home-placeholder = A service, a keyword, or pinyin initials
home-search = Search
home-hints = Often searched:
home-desk = My business
home-space = Go to my space
home-used = Often used
home-all = All services
home-halls = Service halls near me
home-none-title = No services have been published yet
home-none-text = Services published by the agencies will appear here.
home-none-action = See how it works
home-people = For people
home-firms = For firms
home-news = Guides updated lately
home-more = Also here
home-verify = Check a certificate
home-looks = Who looked at my data
home-help = See how it works
home-call = Call the hotline
items-unit = services
item-instant = done at once
item-within = { $term }
item-no-visit = no visit

panel-waiting = { $n ->
    [one] { $n } thing waits for you
   *[other] { $n } things wait for you
}
panel-running = { $n } in progress
panel-expiring = { $n ->
    [one] { $n } certificate expires soon
   *[other] { $n } certificates expire soon
}
panel-between = ,{" "}
panel-nothing = Nothing waits for you at the moment.

big-title = What would you like to do?
big-do = Apply for something
big-do-note = We guide you step by step
big-where = See how far it is
big-where-note = Sign in to see it
big-papers = My certificates
big-papers-note = Look at them, show the QR code
big-call = Ask a person
big-call-note = Somebody answers and helps

# My space
space-title = My space
space-waiting = Waiting for you
space-waiting-none = Nothing waits for you.
space-running = In progress
space-running-none = Nothing in progress
space-running-none-text = After you apply, this shows who is working on it and when it will be done.
space-start = Find a service
space-certificates = My certificates
space-certificates-none = No certificates yet
space-certificates-none-text = When something is granted its certificate is put here, to download, print and show.
space-finished = Done
space-number = Document number
space-code = Unified social credit code
space-phone = Telephone
space-acting = Acting person
space-masked = Numbers are shown in part only; where the whole number is needed, it is filled in for you.
draft-word = Not finished
draft-saved = Last saved: { $at }
draft-go-on = Go on
case-number = Filed on { $day }, case number ending in { $tail }
case-ended = Closed on { $at }
case-you-until = Please complete it by { $at }
case-held-until = Now with { $holder }, by { $at } at the latest
case-held = Now with { $holder }
case-supplement = Complete it
case-look = See progress
certificate-valid = Valid
certificate-later = Not valid yet
certificate-soon = { $days ->
    [0] Expires today
    [one] Expires in { $days } day
   *[other] Expires in { $days } days
}
certificate-suspended = Suspended
certificate-expired = Expired
certificate-ended = No longer valid
certificate-from-until = Valid from { $from } to { $until }
certificate-always = Valid without end
certificate-open = Open

# Who looked at my data
looks-title = Who looked at my data
looks-lead = Each time a person or the system opens your identity, household, insurance or other data, a record is made here first; if it cannot be made, nothing opens.
looks-all = See all records
looks-none = Nobody has looked at your data yet.
looks-none-text = When somebody or the system opens your data, this shows when, who, what and why.
looks-back = Back to my space
looks-when = When
looks-who = Who
looks-what = What
looks-why = Why
looks-agency = Agency
looks-any = Any
looks-from = From
looks-until = Until
looks-only-stray = Only those without a case
looks-filter = Filter
looks-clear = Clear the filter
looks-none-here = Nothing fits
looks-none-here-text = Try other conditions.
looks-case = Case
looks-law = Law
looks-stray = No case
looks-object = Object
looks-sealed = By law you were not told before { $at }
looks-file = Download as a table (CSV)
looks-objections = My objections and requests
looks-rights = My data rights: copy, correct, delete
looks-counts = Looks not told for a time: figures
looks-doubt = Does something look wrong?
looks-doubt-text = Choose “Object” beside a look you do not agree with: supervision checks it and answers within a term. You can also call the hotline
list-between = ,{" "}

# Help and texts
text-phone = If anything is unclear, call the hotline
help-title = Help
help-lead = No registration and no app: find a service from the home page and apply.
help-1 = How to get something done
help-1-a = Type what you want to do on the home page, open the guide and press “Start”.
help-1-b = What the government already knows is filled in for you, with its source. You only fill in the rest.
help-1-c = What you type is saved as you go. Leave, change devices or lose the network: go on later from “My space”.
help-2 = After you apply
help-2-a = You get a case number, and see who is working on it, by when it will be done and how the term is counted.
help-2-b = If something is missing, you are told everything at once, so that you need not come twice.
help-3 = Your certificates
help-3-a = Electronic certificates are in “My space”: download them, print them yourself, or show the QR code.
help-3-b = Anyone can check one under “Verify” and sees only what the law makes public.
help-4 = Who looked at your data
help-4-a = Each look is recorded; you can see them at any time under “Who looked at my data”.
help-5 = Print too small, or not sure how
help-5-a = Press “Large print” at the top: the print grows and the home page has four large doors.
help-5-b = Or simply call: a person answers.
about-title = About us
about-lead = One door, one network, one visit: this site is run by the government and charges nothing for its use.
about-1 = What we do
about-1-a = We bring the services of all agencies together, so that you can finish everything on line.
about-1-b = What one agency knows, no other asks you to prove.
about-2 = How we treat your data
about-2-a = Identity and telephone numbers are kept encrypted and shown in part only.
about-2-b = You can see for yourself who looked at them, when, and for which case.
about-3 = If you are not satisfied
about-3-a = Every guide says how to complain; every decision names the terms and bodies of review and suit.
accessibility-title = Accessibility
accessibility-lead = Everybody should be able to get things done alone, however well they see, with mouse or keyboard.
accessibility-1 = What is done
accessibility-1-a = Every page works with the keyboard alone and shows where you are; the first link leads straight to the content.
accessibility-1-b = Contrast of text is 4.5 to 1 at least, 7 to 1 in large print; colour is never the only sign.
accessibility-1-c = Every field has a label; an error says what is wrong and what to do, and is read out by screen readers.
accessibility-1-d = It works without scripts, at 400 % magnification and on a phone.
accessibility-2 = What it follows
accessibility-2-a = The Law on Building a Barrier-free Environment, the national standard GB/T 37668—2019, and WCAG 2.2 level AA.
accessibility-3 = Tell us what does not work
accessibility-3-a = Use “Report an error on this site” at the foot of the page, or call the hotline.
sitemap-title = Site map
sitemap-services = Services
sitemap-mine = Mine
sitemap-account = Account and devices
sitemap-tools = Look up and help
sitemap-site = About this site

# Report an error on this site
feedback-title = Report an error on this site
feedback-lead = A page that does not open, something out of date, a wrong word: please tell us. You get an answer within 3 working days.
feedback-kind = What sort of error
kind-wrong = Inaccurate or out of date
kind-typo = A wrong word
kind-link = A link that does not open
kind-service = A service that cannot be used
kind-other = Something else
feedback-place = Address of the page
feedback-place-hint = Paste it from the address bar of your browser.
feedback-text = What is wrong
feedback-text-hint = 1,000 characters at most; please no identity numbers or other personal data.
feedback-contact = How to reach you
feedback-contact-hint = A telephone number or e-mail, used for the answer only and kept encrypted.
feedback-send = Send
feedback-look-up = Look up the answer
feedback-number = Report number
feedback-find = Look up
feedback-answer-title = Report and answer
feedback-thanks = Received, thank you
feedback-thanks-text = Please note the number; the answer will be here after 3 working days.
feedback-at = Sent on
feedback-reply = Answer
feedback-no-reply = No answer yet.
feedback-home = Back to the home page
feedback-received = Reports received
feedback-none = No reports yet
feedback-none-text = Errors that readers point out appear here; please answer within 3 working days.
feedback-answer = Answer

# Joint matters and the situation guide
themes-title = Joint matters
themes-lead = What takes several departments is one form, one set of papers and one way.
themes-none = No joint matters yet
themes-none-text = They appear here when they are published. You can also put services together yourself.
themes-own = Choose services to do together
plan-title = Done together
plan-lead = The services you chose, put together: one form, one set of papers, one payment, one parcel.
choose-title = Choose services to do together
choose-lead = Tick what you want to do together and see at once what to bring and how long it takes.
choose-words = Name or keywords
choose-chosen = Chosen
choose-found = To choose from
choose-none = Nothing was found; try other words.
choose-more = Only the first { $n } are listed; search for the others. What is ticked stays.
choose-nothing = Tick at least one service.
choose-most = { $n } services at most.
choose-go = See what they need together
choose-change = Add or remove services
missing-title = Some of these services are not open here yet
missing-text = Below stands what is open; ask the responsible agency about the rest.
reconstructed-title = This guide is for demonstration
reconstructed-text = It was put together from public sources and is not an agency's own text.
guide-asks = First a few questions
ask-several = (as many as apply)
guide-side = Which side are you on? Your own certificates and kept papers then count as well.
guide-again = Update the list
guide-count = { $papers ->
    [one] { $papers } paper
   *[other] { $papers } papers
}, { $bring ->
    [0] nothing to bring
   *[other] { $bring } to bring
}, { $days }
guide-open = { $n ->
    [one] One question is not answered yet; this is the most it can be, and it only gets less.
   *[other] { $n } questions are not answered yet; this is the most it can be, and it only gets less.
}
guide-at-once = done on the spot
guide-days = { $n ->
    [one] { $n } working day
   *[other] { $n } working days
}
guide-apply = Apply for all of it
guide-sign-in = Sign in and apply
glance-papers = Papers
glance-papers-value = { $bring ->
    [0] none to bring
   *[other] { $papers }, { $bring } to bring
}
glance-days = How long
glance-visits = Visits
glance-visits-value = { $n ->
    [0] none
   *[other] { $n }
}
glance-fee = Fee
glance-free = free
guide-bring = What you bring
guide-bring-none = Nothing to bring.
guide-not-exact = There are so many services that this list may not be the shortest.
guide-spared = What you need not bring
guide-spared-count = { $n ->
    [one] One more need not be brought: see why
   *[other] { $n } more need not be brought: see why
}
steps-done = done on working day { $day }
guide-form = The form
guide-fields = One form: { $all } fields in all; { $known } are filled in for you, from what is known of you and of things such as a dwelling, while what concerns the other side stays yours to write; you fill in { $asked }.
guide-members = The services in it
members-open = { $n } depend on your answers
members-left = { $n } are not needed: see why
member-taken = Needed
member-left = Not needed
member-open = Depends
guide-steps = How it goes
guide-time-same = { $days ->
    [one] { $days } working day in all.
   *[other] { $days } working days in all.
}
guide-time = { $days ->
    [0] Every agency does its part on the spot.
    [one] The agencies work side by side: { $days } working day in all; one after another it would be { $serial }.
   *[other] The agencies work side by side: { $days } working days in all; one after another it would be { $serial }.
}
guide-holds-up = What takes longest is “{ $step }” of “{ $item }”: when it is a day late, everything is.
step-at-once = on the spot
step-when = begins on working day { $day }, { $term }
step-critical = Decides how long it takes
guide-fees = Fees
guide-fees-none = Free of charge.
guide-results = What you get
guide-parcels = { $n ->
    [1] Everything comes in one parcel.
   *[other] It comes in { $n } parcels.
}
guide-changes = Compared with before
change-what = What
change-before = Before
change-now = Now
change-papers = Papers to hand in
change-forms = Forms to fill in
change-fields = Fields to fill in
change-visits = Visits
change-days = Working days to wait
guide-fallen = Which papers fell away, and why
guide-print = Print this list
how-maybe = few need it
how-asked = You bring it
how-same-as = Proven already
how-held = You hold it here
how-kept = Handed in before
how-fetched = We look it up
how-produced-by = Made on the way
how-declared = You declare it
paper-for = For: { $items }
paper-optional = Need not be handed in
paper-later = May come later
original-look = The original is looked at and given back
original-keep = The original is kept
original-take-back = The original is taken back and cancelled

# Due without applying
due-title = What is due to me
due-lead = You need not apply: if you agree, what the government knows already is looked up, and you are told what you are entitled to.
due-asked = { $n ->
    [one] To tell { $n } service, these registers are asked
   *[other] To tell { $n } services, these registers are asked
}
due-asked-text = It is used for this one answer and not kept; each question is recorded under “Who looked at my data”.
due-child = For the child { $name }
due-children = If you have children under 18, what is due to them is looked up by their numbers as well.
due-consent = I agree that the above is looked up about me, to tell me what I am entitled to.
due-consent-missing = Tick that you agree; otherwise nothing is looked up.
due-button = Look it up for me
due-found = { $n ->
    [one] One was found
   *[other] { $n } were found
}
due-sure = You are entitled
due-maybe = You may be entitled
due-missing = Not known yet:
due-apply = Do it now
due-tap = File it now
due-tap-text = Everything needed is known: no form to fill in, no paper to bring. “File it now” hands it in, and you declare:
due-tap-declare = What is handed in, as listed below, is true; the agencies may compare it with the registers for this matter.
due-tap-rows = What is handed in
due-begun = There is a draft you have not handed in; go on with it.
due-go-on = Go on
due-asks = Only this is still asked of you:
due-running = Applied for already; see where it stands
due-none = Nothing was found for now
due-none-text = By what is known today there is nothing you would get without applying. Look again when something changes.
due-down = Some systems do not answer now; this may not be all
due-looks = What was looked up stands here:
due-nothing = No service can be looked up like this yet
due-nothing-text = They appear here when agencies open them.
space-offers = Mandates offered to you
space-offers-text = Somebody wants you to act for them. Open it to read what it is for; accepting asks for your password.
space-ending = Ends soon
space-all-cases = All my cases
space-all-certificates = All my certificates
cases-title = My cases
offer-from = { $name } wants you to act for them
offer-all = For all matters
offer-items = For { $n } services
offer-until = Until { $until }
offer-accept = Accept
offer-refuse = Refuse
soon-until = Until { $until }, { $days } days left
soon-mandate-to = Your mandate to { $name }
soon-mandate-from = You act for { $name }
soon-guardian = { $name } acts for you as guardian
soon-child = You act for your child { $name }
space-payments = My payments
space-deliveries = My parcels
space-addresses = Address book
space-papers = Papers I handed in
space-rights = Rights over my data
sitemap-query = Look up a case by number and code
sitemap-publicity = Published now
sitemap-ratings = Published ratings
sitemap-sealed = Counts of looks kept secret by law
space-ratings = Ratings
space-appointments = My appointments
space-ratable = { $n } to rate
space-mandates = Mandates

# A joint matter in my space
matter-confirm = Waits for your word
matter-confirm-do = Take part
matter-supplement = Something is missing
matter-running = In hand
matter-ended = Done
matter-named = { $item } and others, { $n } in all
matter-cases = Handed in on { $day }: { $n } in all, { $over } done

space-all-waiting = Everything that waits for you
promise-word = Promised
promise-do = Hand it in
promise-of = { $name }, promised for “{ $item }”
promise-case = Case { $number }
promise-until = By { $at }
branches-title = Branches
branches-text = Each branch has its own space. You manage the head office, so you may go in and act for it.
branches-none = No branches
branches-none-text = The business register knows no branch of this firm.
branches-waits = { $n ->
        [0] Nothing waits for it
        [one] One thing waits for it
       *[other] { $n } things wait for it
    }
branches-waits-many = More than { $n } things wait for it
branches-ends = { $n ->
        [0] No certificate ends within { $days } days
        [one] One certificate ends within { $days } days
       *[other] { $n } certificates end within { $days } days
    }
branches-ends-many = More than { $n } certificates end within { $days } days
branches-latest = Latest: { $item }, { $state }
branches-in = Go in

messages-title = Messages
messages-unread = { $n } unread
messages-none = No messages yet
messages-none-text = Notices and what staff write to you about your cases stand here.
messages-talk = Message about “{ $item }”
messages-notice = { $title }: “{ $item }”
messages-from = From { $agency }, { $at }
messages-new = Unread
messages-read = Read
messages-open = Read it
facts-title = What government knows about you
facts-text = Facts are kept by the agency whose register they are in. If one is wrong, ask that agency to correct it; you need not prove what it can look up itself.
facts-here = Kept by this platform
facts-here-by = Read from your registration
facts-name = Name
facts-number = Document number
facts-phone = Telephone
facts-address = Address
facts-representative = Legal representative
facts-registers = Kept by registers
facts-registers-text = These registers can be asked with your number. They are asked only when you say so; the question then stands under “Who looked at my data”.
facts-registers-none = No register can be asked with your number.
facts-ask = Show me what they say
facts-by = Kept by { $agency }
facts-asked = Asked { $at }
facts-record-none = It holds nothing about you.
facts-down = It does not answer at the moment. Please try again later.
facts-closed = What it holds is not shared with this platform. Please ask { $agency }.
facts-correct = Ask for a correction
facts-empty = Not recorded
facts-yes = Yes
facts-no = No
