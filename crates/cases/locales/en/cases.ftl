my-space = My space
back-to-case = Back to the case

# Apply
apply-title = Apply: { $item }
apply-not-for-you = You cannot apply for this in your present capacity
apply-for = Applicant
apply-promised = Promised within
apply-statutory = At most, by law
apply-pages = Pages
apply-draft-title = You have begun this application already
apply-draft = Saved last on { $at }; everything is still there.
apply-continue = Continue
apply-start = Start now
apply-papers = What is needed
apply-no-papers = No papers are needed.
apply-paper = Paper
apply-how = How it comes in
apply-why = Note
apply-steps = The pages
apply-guide = Read the guide to “{ $item }”
how-asked = You upload it
how-held = You hold it here
how-fetched = We look it up
how-declared = You declare it

# Draft
draft-steps = Pages of the application
draft-saved = Saved { $at }
draft-uploading = Uploading
draft-continue = Save and continue
draft-back = Back
draft-leave = Save and leave
stale-title = This draft was changed in two places
stale-text = While you were typing, this application was also saved elsewhere (another window or device). Choose which to keep; the other will have no effect.
stale-mine = What you have just typed
stale-theirs = What was saved elsewhere ({ $at })
stale-keep-mine = Keep what I have just typed
stale-keep-theirs = Keep what was saved elsewhere

# Check and hand in
check-title = Check and submit
check-lead = Check everything in “{ $item }”. It will be submitted in the name of “{ $subject }”.
check-wrong = Something here must be corrected
check-fix = Correct “{ $part }”
check-nothing = Nothing was filled in.
check-change = Change
check-declare-title = Declare and submit
check-goes-to = It goes to { $agency }, which promises to finish within { $term }.
check-declare = I declare that all this is true and complete, and agree to receive the result electronically.
check-submit = Submit application
check-not-ready = Correct what is marked first, then submit.

# After submitting
filed-title = Application submitted
filed-closed-title = Done
filed-refused-title = Application refused
filed-number = Case number
filed-next = What happens next
filed-certificate-ready = The certificate is ready: look at it, download and print it now.
filed-nothing-more = There is nothing more for you to do.
filed-holder = It now lies with { $agency }. The result will appear in your space.
filed-follow = Follow its progress
filed-calendar = Add to calendar
filed-print = Print receipt
filed-phone = Telephone for questions
fact-item = Item
fact-subject = Applicant
fact-filed-at = Submitted
fact-state = State

# Progress
held-by = It now lies with { $agency }
timeline-title = What happened and what comes
terms-title = Terms
terms-none = No term is running now.
term-why = How this is reckoned
term-law = By law:{" "}
term-promise = The agency's own promise
term-until = { $term }, until { $end }
term-running = Running
term-passed = Overdue
term-met = Met in time
term-met-late = Done late
term-stopped = No longer counted
term-provisional = {" "}(provisional until the holidays are announced)
answers-title = What was submitted
papers-title = Papers
papers-none = No papers.
paper-file = Uploaded
paper-certificate = Electronic certificate
paper-fetched = Checked against the register
paper-declared = Declared
acts-title = Every act leaves a trace
acts-text = Every act is recorded, each record is chained to the one before, and a change would show.
acts-export = Download the trace
acts-show = Show all { $n } records
acts-seq = No.
acts-at = When
acts-who = Who
acts-what = What
acts-recorded = recorded { $at }
progress-guide = Read the guide
certificates-title = The certificate is ready
certificate-open = Open the certificate
refused-title = Why it was refused
remedies-title = If you disagree:
absent-title = Some data cannot be had at the moment
absent-text = The case goes on; the data is fetched as soon as it can be had, and only the final decision waits for it. You need not do anything.
state-closed-refused = Closed (refused)
state-closed-approved = Closed (granted)
now-supplement = Waiting for you
held-detail = Waits for a register's data, which is fetched by itself
next-decision = Decision
since = since { $at }
by-rule = Checked by rule
right-body = { $reason } Please apply to { $body }.

# Events
event-filed = Application received
event-facts-seen = Registers asked
event-accepted = Accepted
event-not-accepted = Not accepted
event-step-held = Waiting for data
event-step-opened = Handed on
event-step-passed = Step passed
event-step-failed = Step failed
event-step-skipped = Step not needed
event-step-passed-title = { $step }: passed
event-step-failed-title = { $step }: not passed
event-supplement-asked = Supplement asked for
event-supplemented = Supplemented
event-decided = Decided
event-decided-approved = Decided: granted
event-decided-refused = Decided: refused
event-certified = Certificate made
event-delivered = Served electronically
event-closed = Closed
event-withdrawn = Withdrawn by the applicant

# Who
actor-applicant = applicant
actor-clerk = window clerk
actor-examiner = examiner
actor-supervisor = supervisor
actor-operator = operator
actor-system = the system
actor-visitor = visitor
role-applicant = Applicant
role-buyer = Buyer
role-seller = Seller

# Supplement
supplement-title = Please supply what is missing
supplement-lead = Only these fields need changing; everything else stays as you submitted it. You will be asked only once.
supplement-asked = What the agency says
supplement-go = Supply it now
supplement-do = Submit the supplement

# Withdraw
withdraw-title = Withdraw application
withdraw-text = After withdrawing, the agency no longer works on this application. You can apply again later.
withdraw-reason = Why you withdraw it
withdraw-do = Withdraw application
withdraw-too-late = This case has ended and cannot be withdrawn
