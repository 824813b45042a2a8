### The words of the interface. One subject after the other, in the same order in every file; tests in locale.rs compare the keys.

## General

product = Vestnik
demonstration = Demonstration: time runs faster
demonstration-short = Demo
day-and-month = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
day-and-time = { $day }, { $time }
day-year-and-time = { $day } { $year }, { $time }
count-posts = { $n ->
    [one] { $n } post
   *[other] { $n } posts
}

## Navigation

nav-label = Sections
nav-skip = To the content
nav-today = Today
nav-posts = Posts
nav-calendar = Calendar
nav-drafts = Drafts
nav-weeks = Week
nav-journal = Journal
nav-rule = Four-hour rule
nav-channels = Channels
nav-people = People
frame-account = My account
frame-organisations = { $n ->
    [one] { $n } organisation
   *[other] { $n } organisations
}

## Signing in

sign-in-title = Sign in
sign-in-login = Login
sign-in-password = Password
sign-in-enter = Sign in
sign-in-refused = The login or the password is wrong.
sign-out = Sign out

## Refusals

failure-title = It did not work
failure-back = Go back
failure-home = To the first page
failure-request = The number of the request, for your administrator:
failure-wait = Wait { $seconds } s and try again.
failure-not-found = There is nothing here
failure-not-found-todo = The address may be mistyped, or what you look for belongs to another organisation.
failure-unreadable = The address is wrong
failure-unreadable-todo = Something in the address is not written the way this page expects. Open it from the menu.
failure-wrong-method = There is nothing here
failure-wrong-method-todo = This address takes forms only. Go back to the page you came from.
failure-sign-in-first = Sign in first
failure-sign-in-first-todo = Afterwards you come back to the same page.
failure-not-allowed = Your role does not allow this
failure-not-allowed-todo = If it is your work, ask an administrator for the role.
failure-forged = The form is out of date
failure-forged-todo = Go back, load the page again and send it once more. Nothing was changed.
failure-refused = This cannot be done
failure-refused-todo = Nothing was changed. Go back and mend it.
failure-conflict = Someone changed this before you
failure-conflict-todo = Nothing is lost. Look at what changed and try again.
failure-too-large = Too much
failure-too-large-todo = Make it smaller and send it again.
failure-too-slow = What you sent took too long to arrive
failure-too-slow-todo = The connection is too slow. Nothing was changed. Go back and send it once more.
failure-too-many = Too many tries
failure-too-many-todo = This keeps others from guessing passwords.
failure-no-room = There is no room on the server's disk
failure-no-room-todo = Nothing is lost, and nothing was changed. Call the administrator: the disk with the database is full or fails. Then try again.
failure-form-unreadable = The form could not be read
failure-form-unreadable-todo = Nothing was changed. Go back, load the page again and send it once more.
failure-bytes = One form may hold { $max }.
failure-internal = Vestnik could not do it
failure-internal-todo = Nothing is lost. Try again; if that does not help, call your administrator: the cause stands in the program's log.
refused-nothing-to-cancel = There is nothing to cancel: everything is out or cancelled. What is out can be withdrawn everywhere.
refused-nothing-to-withdraw = There is nothing to withdraw or cancel: the post stands nowhere and goes out no more.
refused-post-over = The post was cancelled or withdrawn. Queue a new one.
refused-says-this-already = The post says exactly this already: there is nothing to change.
refused-time-has-come = The post is out in MAX or on its way there; its time cannot be changed any more. Clear the field “Out on MAX”.
refused-not-missing = The post on { $channel } is not missing. Only what was deleted there is published anew.
refused-no-address-asked = No address is asked for on { $channel } now: it is entered while nobody knows whether the post is out, or where you publish.
refused-not-in-doubt = How the post stands on { $channel } is known. “Not published” is said only of an unknown outcome.
refused-other-address = On { $channel } this post stands under another address: { $url }
refused-not-out = The post is not on { $channel }: there is nothing to take down.
refused-unsettled = A call to { $channel } is not settled yet. Try again in a minute; if Today asks about it, answer that first.
refused-no-try-ahead = The post does not wait for another try on { $channel }.
refused-not-on-channel = This post does not go to { $channel }.
refused-key-taken = The key “{ $key }” belongs to a post that says something else. Take another, or edit that post.
refused-of-another-post = { $remote_id } on { $channel } belongs to another post. Enter the address of this one.
refused-attempt-settled = This call to the channel is settled: the page of the post tells how.
refused-stands-still = The post on { $channel } waits for another decision, and this answer does not settle it: Today and the page of the post say what it waits for.
refused-already-paused = { $channel } is paused already.
refused-not-paused = { $channel } is not paused.
refused-channel-elsewhere = { $channel } belongs to another organisation. Choose one of the two: the channel or the organisation.
refused-no-organisation = There is no organisation “{ $organisation }” in the configuration.
refused-which-organisation = Name the organisation.
refused-other-channels = An edit changes the text; the channels stay. To go elsewhere, cancel the post and queue a new one.
refused-remark-empty = The remark is empty. Write what is to be changed.
refused-remark-too-long = The remark is longer than { $max } characters. Shorten it.

## Today

today-attention = Waits for you
today-others = Waits for others
today-nothing = Nothing needs your attention.
today-next = Goes out next
today-no-posts = Nothing is planned.
today-write = Write a post
today-not-before = not before
today-was-due = was due
today-to-post = Open the post
today-to-channels = To the channels
today-to-drafts = To the drafts
today-to-draft = Open the draft
today-to-weeks = To the week
today-more = { $n ->
    [one] And { $n } more matter: settle these first.
   *[other] And { $n } more matters: settle these first.
}
today-stands-still = Vestnik stands still: the release service does not answer, and nothing goes out. Nothing is lost; everything goes out when it works again. Call your administrator.
today-about-week = Weekly minimum
today-about-drafts = Approval
today-decides-settle = An officer or an editor decides.
today-decides-channels = An editor or an administrator decides.
today-decides-author = The author of the draft decides.
today-seen-channel-refused = Channel { $channels } takes no posts: the platform refused access. Until this is settled nothing goes out there, and nothing is lost.
today-seen-in-doubt = Nobody knows whether the post is out: { $channels } did not answer. Until this is settled vestnik sends nothing there.
today-seen-handed = Here a person publishes: { $channels }.
today-seen-stopped = It stands still until a person decides: { $channels }.
today-seen-failed = The post is not out: { $channels } did not take it.
today-seen-late = The post is late: { $channels }. Vestnik goes on trying.
today-seen-outstanding = A change, or the end of a call, has been outstanding for over an hour: { $channels }. Vestnik goes on trying.
today-seen-held-ahead = The hold counts from a moment that is still to come: some clock was ahead when the post went out in MAX.
today-seen-retired = Channel { $channels } is not in the configuration any more, and the post will not go out there.
today-seen-lost = The post was queued after the copy was made from which the database was restored. Vestnik will not publish it any more.
today-seen-week = This week stays under the minimum ({ $minimum }): { $channels }.
today-seen-returned = The draft went back for more work.
today-task-approved = The draft is approved, and not queued yet.
today-task-returned = The draft came back: the editor returned it, or the post itself changed meanwhile. Open it, mend it and submit it again.
today-task-channel-refused = Channel { $channels } takes no posts: the platform refused access. Give the bot or the key its rights back, check the channel, and let it go on. Until then nothing goes out there, and nothing is lost.
today-task-channel-paused = Channel { $channels } is paused ({ $by }): { $why }
today-task-in-doubt = Nobody knows whether the post is out: { $channels } did not answer. Look at the channel and say whether it is. Until then vestnik sends nothing there.
today-task-handed = Here you publish yourself: { $channels }. Put the text up and enter the address of the post.
today-task-failed = The post is not out: { $channels } did not take it. Change the text and it is queued again, or cancel it.
today-task-failed-here = It is not out everywhere: { $channels } did not take it. Change the text and it goes out there, or cancel the rest.
today-task-late = The post is late: { $channels }. Vestnik goes on trying.
today-task-outstanding = A change, or the end of a call, has been outstanding for over an hour: { $channels }. Vestnik goes on trying.
today-task-held-ahead = The hold counts from a moment that is still to come: some clock was ahead when the post went out in MAX. Wait, or withdraw the post and queue it again.
today-task-retired = Channel { $channels } is not in the configuration any more, and the post will not go out there. Cancel it, or ask your administrator for the channel.
today-task-lost = The post was queued after the copy was made from which the database was restored. Vestnik will not publish it any more. Queue it again.
today-task-week = This week stays under the minimum ({ $minimum }): { $channels }. Queue posts before Sunday ends.
today-task-drafts = { $n ->
    [one] { $n } draft waits for your approval.
   *[other] { $n } drafts wait for your approval.
}
live-told = The page was brought up to date.
live-in-hours = in { $hours } h { $minutes } min
live-in-minutes = in { $minutes } min
live-in-a-moment = in less than a minute
live-left = { $what }: out in { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}
live-stale = Something has changed. Load the page again

## People: signing in, roles, sessions, tokens

count-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
sign-in-forgotten = Forgot the password? An administrator gives you a one-time address for a new one.

role-officer = Press officer
role-officer-for = writes, queues, edits and cancels posts
role-editor = Editor
role-editor-for = does what an officer does, and approves; pauses channels
role-auditor = Auditor
role-auditor-for = sees and exports everything, changes nothing
role-administrator = Administrator
role-administrator-for = channels and people; publishes nothing

welcome-title = Welcome
welcome-first = You are the first. Here the administrator of all organisations is made, who adds the others.
welcome-of = { $name }, choose a password. The address works once.
welcome-enter = Save and enter
welcome-over = This address works no more
welcome-over-todo = It was used, replaced by a newer one, or is too old. Ask an administrator for another.
welcome-to-door = To the door

password-current = Password that you have now
password-new = New password
password-again = New password once more
password-hint = At least { $n } characters, any letters and spaces. Four unrelated words do well.
password-change = Change the password
password-ends-sessions = On other devices you will sign in again.
password-keep-tokens = Programs keep their tokens
password-keep-tokens-hint = Unless this is ticked all tokens are revoked: whoever learned the old password may have made one.

account-language = Language
account-save = Save
account-sessions = Where you are signed in
account-where = Browser
account-some-browser = Unknown browser
account-address = Network address
account-began = Signed in
account-seen = Last used
account-this = this one
account-end = End
account-end-others = End all others
account-back = To your account

tokens-title = Tokens for programs
tokens-for = With a token a program works in your name, but does no more than you gave it. Each program gets its own.
tokens-reading = What a program can do
tokens-label = Name
tokens-role = Role
tokens-organisation = Organisation
tokens-all = All of mine
tokens-days = Good for
tokens-until = Good until
tokens-used = Last used
tokens-never = never
tokens-new = A new token
tokens-make = Make a token
tokens-revoke = Revoke
tokens-made = The token is made
tokens-once = Copy the token now: it is not shown again. Whoever knows it acts in your name.
tokens-how = A program sends it in the header

people-name = Name
people-name-hint = As it will stand in the journal, for example "Petrova N. S.".
people-login-hint = For signing in: letters, digits and the signs . _ - @
people-roles = Roles
people-state = Access
people-state-active = Open
people-state-invited = Waits for the first visit
people-state-disabled = Closed
people-everywhere = All organisations
people-role-everywhere = { $role }, all organisations
people-role-there = { $role }, { $organisation }
people-add = Add a person
people-add-do = Add
people-add-then = You will get a one-time address, at which the person chooses a password.
people-back = All people
people-address = One-time address
people-address-once = Copy the address now: it is not shown again. It works once, and for { $days ->
    [one] { $days } day
   *[other] { $days } days
} at the most.
people-address-of = Address for { $login }
people-address-path = The link goes on from the address at which people open vestnik: put that before it. To have it filled in, configure
people-address-hand = Hand it over in person, or so that nobody else sees it: whoever opens it first chooses the password.
people-roles-save = Save the roles
people-door = Access
people-reset = New password
people-reset-for = The password works no more, all sessions end and the tokens are revoked. You get a one-time address.
people-end = End all sessions
people-end-for = The person signs in again with the same password.
people-disable = Close access
people-disable-for = The person cannot sign in any more; sessions and tokens end at once. What they did stays in the journal.
people-enable = Open access
people-enable-for = The person can sign in again with the password they had. Tokens have to be made anew.
people-tokens-for = With these tokens programs work in the person's name.
people-own = This is you. Password, sessions and tokens:

people-no-login = A login has 2 to 64 characters: letters, digits and . _ - @
people-no-name = A name is one line of up to 100 characters.
people-no-name-mixed = A word of the name mixes Russian and Latin letters: they look alike, and one person could be taken for another. Type the word in one alphabet.
people-no-taken = There is such a login or name already. Take others.
people-no-no-role = At least one role is needed. If the person works here no more, close their access.
people-no-not-for-all = Only auditors and administrators can work for all organisations at once.
people-no-no-organisation = The configuration names no such organisation.
people-no-not-yours = You look after the people of another organisation.
people-no-own-rights = Nobody changes their own roles. Ask an administrator of all organisations.
people-no-own-account = This is your own account. Open its page.
people-no-works-elsewhere = This person has roles in other organisations too: an administrator of all organisations closes or changes their access.
people-no-last-administrator = There is no other administrator of all organisations. Make somebody one first.
people-no-disabled = This person's access is closed. Open it first.
people-no-overtaken = Someone changed this before you. Look at it and try again.
people-no-address-over = This address works no more. Ask for another.
people-no-wrong-password = The password that you have now is another one.
people-no-passwords-differ = The passwords differ. Type them once more.
people-no-password-short = The password has fewer than 12 characters. Four unrelated words are easy to remember.
people-no-password-long = The password has more than 128 characters.
people-no-password-common = This password is one of those that are tried first. Take another.
people-no-password-plain = The password repeats the same few characters. Take another.
people-no-password-personal = A password must not hold your login, your name or your organisation.
people-no-token-label = Name the token: one line of up to 100 characters.
people-no-token-taken = You have a token of this name. Take another, or revoke the old one.
people-no-token-role = A token cannot do more than you. Choose a role and an organisation of yours.
people-no-token-days = A token is good for 1 to 366 days.
people-no-busy = Too many people are signing in now. Try again in a few seconds.

## Drafts and approval

draft-one = Draft
draft-new = New post
draft-new-for = For another organisation: { $organisation }
draft-edit-post = Editing a post
draft-untitled = No headline
draft-none = There are no drafts.
draft-more = More
draft-organisation = Organisation
draft-show = Show
draft-which = Which drafts to show
draft-which-all = All
draft-which-mine = Mine
draft-which-submitted = Waiting for approval
draft-which-approved = Approved
draft-state = State
draft-state-draft = Being written
draft-state-submitted = Waiting for approval
draft-state-approved = Approved
draft-state-queued = Queued
draft-state-discarded = Put away
draft-is-edit = edits a post
draft-to-post = To the post
draft-edits-post = The post that it edits
draft-title = Headline
draft-body = Text
draft-body-how = Markdown: **bold**, *italic*, [link](https://…), > quote, - list. An empty line parts paragraphs.
draft-marks = Markup
draft-mark-bold = Bold
draft-mark-bold-letter = B
draft-mark-italic = Italic
draft-mark-italic-letter = I
draft-mark-link = Link
draft-mark-list = List
draft-mark-quote = Quote
draft-link = Link
draft-tags = Tags
draft-tags-how = Separated by commas, without #.
draft-media = Pictures and documents
draft-media-alt = what the picture shows
draft-when = When
zone-moscow = MSK
draft-zone = Local time ({ $zone }).
draft-at = Out on MAX
draft-at-how = Empty: as soon as it is queued.
draft-at-edit-how = Empty: the time stays as it is.
draft-at-now = at once
draft-at-edit-now = as planned
draft-expires = Do not publish after
draft-expires-how = What is not out by then never will be. Empty: no end.
draft-plan = Plan
draft-channels = Channels
draft-channels-how = { $primary } always goes out, and first. The others follow after the hold, four hours later or more.
draft-channels-edit = An edit changes the text; the channels stay.
draft-not-before-of = { $channel }: not before
draft-overrides = Another text for a channel
draft-overrides-how = Empty: the common text.
draft-override-of = Text for { $channel }
draft-preview = How it will look
draft-preview-show = Show the preview
draft-keep = Save
draft-queue = Queue
draft-queue-edit = Apply the edit
draft-submit = Submit for approval
draft-compare = Compare the texts
draft-keeping = Saving…
draft-kept-at = Saved at { $time }
draft-kept-by = Saved: { $by }, { $at }
draft-offline = No connection. What you typed is kept on this computer and will be saved when the connection is back.
draft-failed = Vestnik cannot keep the text now. What you typed is kept on this computer and is sent again by itself. If this does not pass, call the administrator.
draft-expired = Your session has ended. What you typed is kept on this computer and comes back after you sign in.
draft-too-much = Not saved: the text is too big. { $why } What you typed is kept on this computer and is saved when you have shortened it.
draft-not-kept = Not saved. What you typed is kept on this computer; load the page again.
draft-restored = What you typed before it could be saved is back.
draft-other-copy = This computer keeps a text that could not be saved, and the draft was changed since.
draft-newer = { $by } saved another text of this draft. Yours is not lost: compare the two.
draft-problems = Not yet. What to mend:
draft-problems-mended = That is mended. Try again.
draft-conflict = Two people changed the draft
draft-conflict-how = While you were writing, { $by } saved another text ({ $at }). Nothing is lost: here are both. Choose which to keep.
draft-conflict-same = The texts are the same.
draft-field = Field
draft-mine = Your text
draft-theirs = Saved text ({ $by })
draft-take-mine = Keep mine
draft-take-theirs = Keep the saved one
draft-take-both = Merge by hand
draft-merge = Merging two texts
draft-merge-how = The form holds your text. Below is how it differs from the saved one ({ $by }, { $at }): what is struck out you do not have, what is underlined only you have. Carry over what is needed and save.
draft-outrun = The post was changed
draft-outrun-how = Since this edit began the post has got another revision. Below is how your text differs from it. Carry over what is needed, then go on.
draft-outrun-moved-how = Since this edit began the post was moved to another time. Below is how your edit differs from the post as it stands now. Choose the time, then go on.
draft-outrun-go-on = Seen, go on
draft-text = Text
draft-begun = Begun
draft-changed = Changed
draft-submitted = Submitted
draft-approved = Version { $n } approved
draft-since-approved = What changed since the approval
draft-since-published = How it differs from what is published
draft-since-nothing = It does not.
draft-version = version { $n }
draft-decide = Decision
draft-waits = The draft waits for an editor.
draft-approve = Approve
draft-return-open = Send back…
draft-return-how = The draft goes back to its author, who sees what to change.
draft-return = Return to the author
draft-return-reason = What to mend
draft-change = Edit
draft-change-how = After a change it has to be approved again. A new time takes no approval back.
draft-comments = Remarks
draft-last-comment = The last remark
draft-all-comments = All remarks
draft-comments-none = No remarks.
draft-comment-how = Everyone who opens the draft sees a remark. It decides nothing.
draft-comment = Remark
draft-comment-send = Add a remark
draft-discard = Put the draft away
draft-discard-how = A draft that was put away is not published and does not come back. The journal keeps a record.
draft-discard-yes = Put away
draft-time = The time has passed
draft-time-how = “{ $title }” was approved for { $at }, which has passed. Choose a new time: the text need not be approved again.
draft-time-how-approve = “{ $title }” is to be out at { $at }, which has passed. Choose a new time: the draft is approved with it.
draft-back = Back to the draft
draft-told-submitted = Sent for approval. The editor finds the draft on “{ nav-today }”.
draft-told-approved = Approved. The post is not queued yet: press “{ draft-queue }”.
draft-told-approved-edit = Approved. The post is still as it was: press “{ draft-queue-edit }”.
draft-told-returned = The draft went back to its author, who finds what to change among the remarks.
draft-told-remarked = The remark was added.
draft-told-discarded = The draft was put away.
draft-refused-closed = The draft is queued already, or was put away.
draft-refused-changed = The draft was changed meanwhile. Look at what it says now and decide again.
draft-refused-own-text = An author does not approve their own text. Ask another editor.
draft-refused-not-submitted = The draft is not waiting for approval: it was not submitted, or went back to its author.
draft-refused-not-approved = An editor has to approve the draft first.
draft-refused-time-passed = The time has passed: choose a new one.
draft-refused-post-changed = The post was changed meanwhile: open the draft and compare the texts.
draft-refused-post-moved = The post was moved meanwhile: open the draft and compare the times.
plan-primary = { $channel } { $at }
plan-primary-now = { $channel } at once
plan-followers = { $channels } not before { $at }
plan-passed = the time has passed: { $at }. Choose a new one.
plan-primary-alone = { $primary }, nowhere else
plan-whole = { $primary } → { $followers }

## Files

file-size-and-kind = { $kind }, { $size }
size-kilobytes = { $n } kB
size-megabytes = { $n } MB
files-legend = Pictures and documents
files-add = Add files
files-hint = Pictures (JPEG, PNG, GIF, WebP) and documents (PDF, DOCX, XLSX, ODT, RTF, TXT). What a picture tells of the place where it was taken is removed.
files-drop = Files can be dropped here.
files-send = Upload
files-list = Files of the post, in order
files-none = No files yet.
files-alt = What it shows, for those who cannot see it
files-alt-hint = A picture without it cannot be published: one sentence about what it shows.
files-up = Up
files-down = Down
files-remove = Remove
files-up-named = Up: { $name }
files-down-named = Down: { $name }
files-remove-named = Remove: { $name }
files-picture = picture
files-document = document
files-video = film
files-pixels = { $width } × { $height }
files-loading = Uploading: { $name }
files-taken = File added: { $name }
files-removed = File removed: { $name }
files-moved = Place in the list: { $place }
files-cut = The upload broke off; nothing of the file was kept. Check the connection and add it again.
files-cancel = Cancel
files-signed-out = The session is over. Sign in in another tab and add the file again: what you wrote is kept.
files-too-many = At most { $max } files can be added at once.
files-no-organisation = It is not said which organisation the file is for. Load the page again and add it once more.
files-back = Back to the draft
files-no-file = No file was chosen. Choose one and send it again.
problem-file-unreadable = The file “{ $name }” cannot be read.
problem-file-unreadable-todo = Add it again.
problem-file-none = “{ $name }” is not a file.
problem-file-none-todo = Choose the picture or document itself.
problem-file-no-alt = The picture “{ $name }” has no text alternative.
problem-file-no-alt-todo = Say in a sentence what it shows, for those who cannot see it.
problem-file-gone = The file “{ $name }” is not on the server any more.
problem-file-gone-todo = Add it again.
problem-file-too-large = The file “{ $name }” is too large: { $bytes }, and { $max } are allowed.
problem-file-too-large-todo = Save it smaller.
problem-file-not-kept = The server could not keep the file: it may have run out of room. Nothing was damaged.
problem-file-not-kept-todo = Call your administrator: the cause stands in the program's log.
problem-file-empty = The file “{ $name }” is empty.
problem-file-empty-todo = Check it and add it again.
problem-file-broken = The picture “{ $name }” is damaged or breaks off.
problem-file-broken-todo = Open it on your computer and save it again.
problem-file-too-many-pixels = The picture “{ $name }” is too large: { $width } × { $height } pixels, and { $max } million in all are allowed.
problem-file-too-many-pixels-todo = Make it smaller and add it again.
problem-file-too-many-frames = The animation “{ $name }” has too many frames: { $frames }.
problem-file-too-many-frames-todo = Make it shorter, or take a still picture.
problem-file-telling = What the picture “{ $name }” ({ $mime }) tells of the place where it was taken cannot be removed.
problem-file-telling-todo = Save it as JPEG or PNG.
problem-file-named-like-picture = “{ $name }” is named like a picture, and there is none inside.
problem-file-named-like-picture-todo = Save it again as JPEG or PNG.
problem-file-old-office = “{ $name }” is a document of an old format.
problem-file-old-office-todo = Save it as DOCX, XLSX or PDF.
problem-file-macros = The document “{ $name }” holds macros.
problem-file-macros-todo = Save it without macros, or as PDF.
problem-file-markup = “{ $name }” is HTML, SVG or XML inside; such files are not taken.
problem-file-markup-todo = Take a picture (JPEG, PNG, GIF, WebP) or a document (PDF, DOCX, XLSX, ODT, RTF, TXT).
problem-file-other = Files of this kind ({ $mime }) are not taken: “{ $name }”.
problem-file-other-todo = Take a picture (JPEG, PNG, GIF, WebP) or a document (PDF, DOCX, XLSX, ODT, RTF, TXT).
problem-file-unknown = Nobody can tell what kind of file “{ $name }” is.
problem-file-unknown-todo = Take a picture (JPEG, PNG, GIF, WebP) or a document (PDF, DOCX, XLSX, ODT, RTF, TXT).

## Preview: what does not fit

preview-now = As soon as it is queued
preview-now-edit = As soon as you apply the edit
preview-at = { $at }
preview-not-before = Not before { $at }
preview-title = How it will look
preview-channels = By channel
preview-fits = Fits
preview-not-yet = Not yet
preview-nothing = Begin to write: here you will see how every channel shows the post.
preview-misfits = { $n ->
    [one] { $n } remark
   *[other] { $n } remarks
}
preview-mend = What to mend
preview-length = { $length } of { $max } characters
preview-length-free = { $length } { $length ->
    [one] character
   *[other] characters
}, no limit
preview-over = over by { $over }
preview-emoji = An emoji counts as two characters.
preview-meter = Length of the text: { $channel }
preview-link = Link below the post
preview-tags = Tags
preview-document = Document
preview-text = Text: { $channel }
misfit-text-too-long = The text is too long: { $length } characters with headline, tags and footer, and the channel takes { $max }.
misfit-text-too-long-todo = Shorten it by { $over }, or write a text of its own for this channel.
misfit-title-missing = There is no headline.
misfit-title-missing-todo = Write one: news on a site has a headline.
misfit-title-too-long = The headline is too long: { $length } characters, and the channel takes { $max }.
misfit-title-too-long-todo = Shorten it by { $over }.
misfit-link-not-web = “{ $link }” is not the address of a page.
misfit-link-not-web-todo = Give an address that begins with https://.
misfit-link-too-long = The link is too long: { $length } characters, and the channel takes { $max }.
misfit-link-too-long-todo = Take a shorter address of the same page.
misfit-second-link = Beside the link { $link } there is another one in the text, { $other }, and the channel takes one.
misfit-second-link-todo = Leave one, or write a text without the second for this channel.
misfit-too-many-pictures = There are { $count } pictures, and the channel takes { $max }.
misfit-too-many-pictures-todo = Remove { $over }, or make two posts.
misfit-too-many-documents = There are { $count } documents, and the channel takes { $max }.
misfit-too-many-documents-todo = Remove { $over } and give links to them.
misfit-no-documents = The channel takes no documents.
misfit-no-documents-todo = Put the document on the official site and give its address as the link.
misfit-pictures-need-token = Vestnik may not upload pictures to this channel yet.
misfit-pictures-need-token-todo = Ask the administrator to add user_token, or do not publish here.
misfit-documents-need-token = Vestnik may not upload documents to this channel yet.
misfit-documents-need-token-todo = Ask the administrator to add community_token, or give a link to the document.
misfit-document-beside-pictures = The channel takes no document beside pictures.
misfit-document-beside-pictures-todo = Send the document as another post, or give a link to it.
misfit-film = “{ $name }” is a film, which vestnik does not send here yet.
misfit-film-todo = Put the film where it can be watched and give a link.
misfit-picture-type = The channel does not take the picture “{ $name }” ({ $mime }). It takes { $types }.
misfit-picture-type-todo = Save it as JPEG or PNG.
misfit-file-too-large = The file “{ $name }” is too large: { $bytes }, and the channel takes { $max }.
misfit-file-too-large-todo = Save it smaller, or give a link to it.
misfit-picture-side = The picture “{ $name }” is too large: { $width } × { $height } pixels, and a side may have { $max }.
misfit-picture-side-todo = Make it smaller.
misfit-picture-sides = The picture “{ $name }” is too large: { $width } × { $height } pixels, and width and height together may have { $max }.
misfit-picture-sides-todo = Make it smaller.
misfit-picture-ratio = The picture “{ $name }” is too narrow: { $width } × { $height } pixels, and one side may be { $max } times the other.
misfit-picture-ratio-todo = Crop it.
misfit-no-alt = The picture “{ $name }” has no text alternative.
misfit-no-alt-todo = Say in a sentence what it shows, for those who cannot see it.
misfit-document-type = The channel does not take the document “{ $name }” because of its kind (.{ $ending }).
misfit-document-type-todo = Save it as PDF.
misfit-too-many-parts = Text, pictures and link make { $count } parts, and the channel takes { $max }.
misfit-too-many-parts-todo = Write the link into the text, or remove the pictures.
misfit-request-too-large = Text and files together are too large: { $bytes }, and the site takes { $max } (files grow by a third on the way).
misfit-request-too-large-todo = Remove some files, or make them smaller.
problem-title-empty = There is no headline.
problem-title-empty-todo = Write one.
problem-title-lines = The headline has more than one line.
problem-title-lines-todo = Leave one, and put the rest into the text.
problem-text-empty = The post is empty.
problem-text-empty-todo = Write a text, or add a file or a link.
problem-control-character = There is an invisible character, { $character }.
problem-control-character-todo = Delete it: it was probably pasted from another program.
problem-channel-unknown = The organisation has no channel “{ $channel }”.
problem-channel-unknown-todo = Its channels are { $channels }.
problem-channel-ambiguous = The organisation has several channels on “{ $channel }”.
problem-channel-ambiguous-todo = Name one of them.
problem-channel-primary = MAX goes first.
problem-channel-primary-todo = Its time is in the field “{ draft-at }”.
problem-channel-not-chosen = The post does not go to { $channel }.
problem-channel-not-chosen-todo = Choose the channel, or clear the field.
problem-time-for-two = { $channel } has two times.
problem-time-for-two-todo = Keep one of them.
problem-text-for-two = { $channel } has two texts.
problem-text-for-two-todo = Keep one of them.
problem-override-empty = The channel's own text is empty.
problem-override-empty-todo = Write it, or take it out.
problem-expires-too-early = The time “{ draft-expires }” comes before the post is out.
problem-expires-too-early-todo = Take a later time.
problem-expires-before-followers = The time “{ draft-expires }” comes before anything but MAX may have the post, which is { $earliest } at the earliest.
problem-expires-before-followers-todo = Take a later time, or leave MAX alone.
problem-expires-before-not-before = The time “{ draft-expires }” comes before the time that is set for { $channel }.
problem-expires-before-not-before-todo = Take a later time.
problem-link-not-web = “{ $link }” is not the address of a page.
problem-link-not-web-todo = Write it like https://gorod.ru/page.
problem-tag-not-one = “{ $tag }” is not a tag.
problem-tag-not-one-todo = Write tags as words, with commas between them, without #.
problem-text-too-long = Too long: { $length } characters, and a post may have { $max }.
problem-text-too-long-todo = Shorten it by { $over }: no channel takes so much.
problem-too-many-tags = Too many tags: { $length }, and a post may have { $max }.
problem-too-many-tags-todo = Keep the main ones.
problem-too-many-files = Too many files: { $length }, and a post may have { $max }.
problem-too-many-files-todo = Take some out.
problem-too-many-channels = Too many channels are named: { $length }, and { $max } may be.
problem-too-many-channels-todo = Keep those that the post goes to.
problem-time-unreadable = “{ $text }” is not a time.
problem-time-unreadable-todo = Write it like 2026-11-23 10:00.
problem-time-skipped = There is no time “{ $text }”: the clocks go from { $from } to { $to } that day.
problem-time-skipped-todo = Take another one.
problem-time-twice = The time “{ $text }” comes twice that day: the clocks go back.
problem-time-twice-todo = Take another one, or add the offset: { $earlier } or { $later }.
problem-time-past = The time “{ $text }” has passed: it is { $now } now.
problem-time-past-todo = Choose a later one.

## Post

state-waiting = waits for MAX
state-held = held
state-queued = queued
state-releasing = being sent
state-in_doubt = in doubt
state-handed = by hand
state-published = published
state-failed = failed
state-stopped = stopped
state-cancelled = cancelled
state-withdrawn = withdrawn
state-gone = deleted there
state-paused = channel paused
post-organisation = Organisation
post-queued = Queued
post-revision = Revision
post-revision-n = Revision { $n }
post-expires = Do not publish after
post-was-cancelled = Cancelled { $at } ({ $by }).
post-was-withdrawn = Withdrawn { $at } ({ $by }).
post-channels = Channels
post-nth = (release { $n })
post-our-time = Published (our clock)
post-platform-time = The platform's time
post-distance = After MAX
post-no-primary = no post in MAX
post-unknown-distance = not known
post-planned = Planned
post-url = Address
post-url-was = Was at
post-shown = Shows revision
post-raw = What the program says
post-last-postponed = The release is put off: vestnik waits and tries by itself.
post-last-open = The call to the channel is under way.
post-last-in-doubt = Nobody knows how the call ended: vestnik asks the channel before it sends again.
post-last-retry = The channel did not take the post for now. Vestnik tries again by itself.
post-last-rejected = The channel refused the post. Change the text or the files.
post-last-unauthorised = The channel denied access. Give vestnik its rights back and resume the channel.
post-last-handed = The post was handed to you: publish it and enter the address.
post-last-abandoned = The attempt was not accepted and is closed.
post-last-published = The post is out.
post-last-edited = The change is shown on the channel.
post-last-retracted = The post was taken down.
reason-no-connection = No connection to { $channel } was made: nothing was sent.
reason-certificate = The certificate of { $channel } is not trusted: nothing was sent.
reason-no-answer = { $channel } did not answer.
reason-answer-cut = The answer of { $channel } broke off.
reason-not-understood = { $channel } answered what vestnik does not understand.
reason-platform-failing = { $channel } itself has trouble.
reason-unavailable = { $channel } is closed for now.
reason-in-progress = { $channel } is still working on this call.
reason-rate-limited = { $channel } asks to wait: there were too many calls.
reason-daily-limit = { $channel } says that there are too many posts for one day.
reason-spam-suspected = { $channel } took the posts for spam and closed access for a while.
reason-captcha = { $channel } asks for a captcha.
reason-confirmation-asked = { $channel } asks the owner of the account for a confirmation.
reason-no-credential = Vestnik could not read the key to { $channel }.
reason-token-ended = The key to { $channel } has ended.
reason-token-renewed = The key to { $channel } had ended, and vestnik renewed it.
reason-token-refused = { $channel } does not accept the key.
reason-clocks-differ = The clocks of { $channel } and vestnik differ, so the signature was not accepted.
reason-no-rights = Vestnik lacks rights on { $channel }.
reason-account-blocked = The account on { $channel } is blocked or restricted.
reason-server-refused = { $channel } takes no calls from our server.
reason-not-set-up = { $channel } or its settings are not fit for publishing by program.
reason-channel-unseen = { $channel } does not show vestnik this channel or community.
reason-refused = { $channel } refused.
reason-content-refused = { $channel } does not take this post.
reason-too-long = The post is too large for { $channel }.
reason-link-refused = { $channel } does not take the link in the post.
reason-file-refused = { $channel } does not take a picture or a document of the post.
reason-file-unreadable = Vestnik could not read a file of the post.
reason-file-not-ready = The files of the post are not ready on { $channel } yet.
reason-upload-failed = A file could not be uploaded to { $channel }.
reason-not-prepared = What was prepared is out of date: vestnik prepares the post again.
reason-duplicate = { $channel } holds such a post already, or one under its address.
reason-time-taken = { $channel } keeps another post for this time.
reason-not-public = { $channel } took the post and does not show it to readers.
reason-post-gone = This post is not on { $channel } any more.
reason-post-unseen = Whether the post stands on { $channel } cannot be seen.
reason-elsewhere = The post stands in another place than expected: look at { $channel }.
reason-still-shown = { $channel } still shows the post that was taken down.
reason-edit-too-late = { $channel } no longer lets this post be changed.
reason-wrong-address = This is not the address of a post on { $channel }.
reason-unsupported = { $channel } does not know this question.
reason-by-hand = On { $channel } you publish yourself.
reason-answer-not-written = Vestnik ended before the answer of { $channel } was written down.
reason-expired = The time by which the post had to be out has passed.
reason-primary-failed = The post did not go out in MAX, so it does not go out here either.
reason-does-not-fit = The post does not fit { $channel }: look at its length and files.
reason-daily-ceiling = { $channel } had as many posts today as it takes in a day.
reason-primary-missing = The post does not stand in MAX.
reason-primary-unasked = MAX did not say whether the post stands there.
reason-primary-not-composed = The text no longer fits MAX, so it cannot be compared with what stands there. Edit the post.
reason-primary-unseen = Whether the post stands in MAX cannot be seen.
reason-primary-too-young = By the clock of MAX the hold has not passed yet.
reason-primary-not-configured = MAX is not in the configuration any more.
reason-channel-not-configured = { $channel } is not in the configuration any more.
reason-time-unasked = { $channel } did not say what time it is.
reason-hold-not-passed = Not every clock says that the hold has passed.
reason-no-witness = No clock but ours can be seen: no channel says what time it is.
reason-not-looked-for = { $channel } did not say whether the post is out already.
reason-look-ahead = Vestnik asks { $channel } when the call must have arrived.
reason-nothing-found = The post was not found on { $channel }.
reason-person-found-nothing = A person looked at { $channel }: the post is not there.
reason-decided-anew = A person decided anew, and the earlier call was given up.
reason-asked-again = A person asked for another try at once.
reason-edited = The post was edited: its new text goes out in MAX first.
reason-primary-anew = The post is published in MAX anew.
reason-primary-taken-down = The post in MAX was taken down.
reason-later-text-lost = The database was restored from a copy that does not hold the newest text of this post.
reason-primary-confirmed = A person confirmed that the post stands in MAX.
reason-repeated = Vestnik makes the call again: that makes no second post.
reason-edit-unseen = { $channel } took the edit, and it does not show there yet.
reason-receipt-refused = What { $channel } confirmed does not agree with what vestnik knows.
reason-not-settled = Vestnik could not write down or read how the call ended.
reason-history-tells = The database was restored from a copy: records beside it tell how the call ended.
reason-remark = { $channel } took it, and there is a remark.
post-answer = The channel's answer
post-text-there = The text for this channel
by-hand-title = Headline
by-hand-text = Text for { $channel }
by-hand-files = Files: save them and add them to the post
by-hand-copy-title = Copy the headline
by-hand-copy-text = Copy the text
by-hand-title-copied = The headline is copied.
by-hand-text-copied = The text is copied.
by-hand-not-copied = The browser did not allow it. Select and copy it yourself.
secret-copy = Copy
secret-copied = Copied.
post-action-publish = Publish
post-action-edit = Edit
post-action-retract = Take down
post-do = What can be done
post-edit = Edit
post-move = Move
post-reason = Reason (it stays in the journal)
post-reason-missing = Give a reason in one line of at most 500 characters: it stays in the journal.
post-cancel = Cancel…
post-cancel-hint = What is not out will not go out. What is out stays.
post-cancel-do = Cancel it
post-withdraw = Withdraw everywhere…
post-withdraw-hint = What is out is taken down. What is not out will not go out.
post-withdraw-do = Withdraw it
post-republish = Publish anew in MAX
post-republish-hint = The hold begins again.
post-again = Try again now
post-again-hint = The last try was certainly not accepted: there will be no second post.
post-look = See what stands on { $channel }
post-look-title = What stands on { $channel }
post-look-found = The channel found our post.
post-look-nothing = The channel found no post of ours.
post-look-cannot-tell = The channel cannot tell whether our post is there. Compare for yourself.
post-look-no-answer = The channel does not answer now. Try later, or look there yourself.
post-look-empty = No other posts are seen since { $since }.
post-look-since = Posts since { $since }:
post-look-ours = probably ours
post-look-this-one = This is it
post-look-otherwise = Or say it yourself
post-address = Address of the post on { $channel }
post-address-do = It stands at this address
post-address-unreadable = This is no address. Copy it from the browser: it begins with https://
post-stands-do = Confirm: the post stands
post-not-published-do = It is not out
post-not-published-hint = Vestnik asks { $channel } once more and, if it is not there, sends it again.
post-taken-down-do = It was taken down by hand
post-word-reads-differently = Another text stands at this address: { $place }. Enter the address of this very post. If it is this one, give it this text there or take it down by hand, and answer again.
post-word-primary-reads-differently = Another text stands at this address: { $place }. Enter the address of this very post. If it is this one, edit the post here so that it says what stands there, or take it down by hand, and answer again.
post-word-nothing-there = Nothing stands at this address: { $place }. Copy the address of the post itself.
post-word-not-of-the-channel = This address is not of this channel, or there is no such post.
post-word-stands-after-all = The post stands on the channel: { $place }. It is noted as published.
post-word-several-may-be = There are posts on the channel that may be this one. Enter the address of the right one, or take the others down first.
post-word-on-its-way = What was sent a moment ago may still arrive on the channel. Look at it again in a minute and answer then.
post-word-still-stands = The post still stands on the channel: { $place }. Take it down there first.
post-word-over = The post was cancelled or withdrawn. Queue a new one.
post-word-not-out = The post is not out in MAX, so it cannot be published anew.
post-no-answer = The channel does not answer now, or refuses our token, so nothing was changed. Check it under Channels, or try later.
post-holds = Holds
post-hold-from = Counts from
post-hold-until = Until
post-hold-state = State
post-hold-running = runs
post-hold-passed = passed
post-hold-suspended = suspended by an edit
post-hold-ended = replaced
post-revisions = Revisions
post-link = Link
post-tags = Tags
post-file = File
post-own-text = Own text
post-history = Who did what
post-history-program = { $n ->
    [one] What Vestnik did: { $n } entry
   *[other] What Vestnik did: { $n } entries
}
post-was-moved = Moved: { $where }
post-moved-from-to = { $channels }: { $from } → { $to }
post-moved-to = { $channels }: to { $to }
post-when = When
post-who = Who
post-what = What
post-where = Where
post-why = Reason
post-told-cancelled = Cancelled: what is not out will not go out.
post-told-queued = Queued: { $plan }.
post-told-edited = The edit is applied. It goes out: { $plan }.
post-told-edited-out = The edit is applied. Vestnik mends the post in MAX now and on the other channels after a new hold.
post-told-withdrawn = The post is being taken down everywhere.
post-told-republished = The post goes out in MAX anew; the others wait for the new hold.
post-told-settled = Noted. Vestnik goes on.
post-told-found = Vestnik asked the channel once more and found the post: it is out.
post-told-again = Vestnik tries again now.
post-told-moved = Moved: { $where }.
post-told-already = This is done already.
post-told-stale = The page was out of date: the post changed while it was open. Nothing was done; this is how it stands now.
post-told-paused = The channel is paused. Holds keep running.
post-told-resumed = The channel goes on.
posts-all = All
posts-standing = State
posts-standing-open = still to go out
posts-standing-out = out
posts-standing-failed = failed somewhere
posts-standing-cancelled = cancelled
posts-standing-withdrawn = withdrawn
posts-words = Words in the headline
posts-find = Find
posts-title = Headline
posts-none = Nothing was found.
posts-none-at-all = There are no posts yet.
posts-none-yet = Nothing among the latest posts. Look among the earlier ones.
posts-pages = Pages
posts-older = Earlier
post-attempts = { $n ->
    [one] { $n } attempt
   *[other] { $n } attempts
}
post-stopped-primary-gone = The post in MAX is gone: it was deleted. Publish it anew (with a new hold), or cancel the rest.
post-stopped-primary-differs = MAX shows another text than was queued. Edit the post (with a new hold), or cancel the rest.
post-stopped-primary-unseen = Vestnik cannot see whether the post in MAX still stands. Look and confirm: the other channels wait for your word.
post-stopped-maybe-out = The post was queued before vestnik started and may be out already. Look at the channel and say whether it is.
post-stopped-by-hand = You do this: put the new text in the place of the old one on the channel and confirm its address here.
post-stopped-by-hand-first = You publish here: put the text up on the channel and give the address of the post.
post-stopped-by-hand-withdraw = You do this: take the post down on the channel and say so here.
post-stopped-edit-refused = The channel refused the edit: the old text still stands there. Edit it again, or correct it on the channel yourself.
post-stopped-withdrawal-refused = The channel refused to take the post down. Take it down there yourself and say so here.
post-stopped-unknown-outcome = Vestnik could not find out how the last call ended. Look at the channel and choose what to do.
post-stopped-text-lost = The database was restored from a copy, and the newest text of the post is lost. It may stand on the channel already. Edit the post: give it the text as it is to read, and it is looked for first. Or cancel it: everything stays as it stands.
post-stopped-past-lost = The database was restored from a copy, and what has happened to the post since is not known. Look at the channels, then edit the post or cancel it.
post-stopped-row-broken = The database was changed by something else than vestnik, and this post cannot be worked on. Tell whoever keeps vestnik running, or cancel the post.
post-outcome-open = under way
post-outcome-in-doubt = outcome unknown
post-outcome-published = published
post-outcome-edited = edited
post-outcome-retracted = taken down
post-outcome-retry = not accepted for now, will be tried again
post-outcome-rejected = refused
post-outcome-unauthorised = no rights
post-outcome-handed = handed to a person
post-outcome-abandoned = not accepted, given up
post-outcome-confirmed = confirmed

## Channels

channels-works = works
channels-paused = paused
channels-slug = Name in the configuration
channels-part = Part
channels-primary = first: the hold counts from it
channels-follower = after the hold
channels-unfinished = Still to go out
channels-refused = Paused { $at }: the platform refused access. Give the rights back, check the channel, and let it go on.
channels-paused-by = Paused { $at } ({ $by }).
channels-check = Check now
channels-too-slow = The channel did not answer in time. Try later.
channels-would-take = The channel would take a post.
channels-would-not-take = The channel would not take a post.
channels-identity = Who we are there
channels-clock = The channel's clock
channels-no-findings = Nothing was noticed.
channels-blocking = Keeps posts from going out:
finding-credential = The channel does not accept vestnik's credential: the key, token or password is missing, revoked, or lacks rights.
finding-credential-todo = Make a new one on the platform and ask the administrator to put it in its place.
finding-credential-ends = Vestnik's credential ends soon.
finding-credential-ends-todo = Make a new one in time and ask the administrator to put it in its place.
finding-channel-unseen = Vestnik does not see the channel: the settings name another one, or it is none of its administrators.
finding-channel-unseen-todo = Check its number in the settings, and make the bot or user an administrator of the channel.
finding-channel-closed = The channel is there, but it is closed or suspended.
finding-channel-closed-todo = Open it in the platform's application.
finding-may-not-publish = Vestnik lacks the right to publish on this channel.
finding-may-not-publish-todo = Give it to the bot or user in the channel's settings.
finding-may-publish-unsure = Whether vestnik may publish shows only with the first post.
finding-may-publish-unsure-todo = To be sure, make its user an administrator of the channel.
finding-may-not-read = Vestnik may not read the channel and cannot prove that a post is out.
finding-may-not-read-todo = Give it the right to read posts.
finding-may-not-upload = Vestnik may not upload pictures or documents here: posts with them will not go out.
finding-may-not-upload-todo = Give it that right.
finding-may-not-correct = Vestnik may not change or withdraw what is out: that has to be done by hand.
finding-may-not-correct-todo = If vestnik is to do it, give it the rights to edit and delete.
finding-setting = The settings name something that the channel does not have.
finding-setting-todo = Ask the administrator to correct the settings.
finding-site-unready = The site is not ready to take posts from a program.
finding-site-unready-todo = Show the details to whoever looks after the site.
finding-site-closed = The site takes no posts at this time.
finding-site-closed-todo = Ask whoever looks after the site when it opens again.
finding-certificate = Vestnik does not trust the platform's certificate and sends it nothing.
finding-certificate-todo = Ask the administrator to install the root certificate that the details name.
finding-clock = The clocks of the channel and of vestnik differ. Releases wait for the slower one.
finding-clock-todo = Ask the administrator to let the server follow a time server.
finding-no-answer = The channel does not answer.
finding-no-answer-todo = Wait and check again; if that does not help, the administrator should check the network and the address.
finding-unclear = The channel answers otherwise than vestnik expects.
finding-unclear-todo = The administrator should check its address in the settings.
finding-refused = The channel refused to answer the question of the check.
finding-refused-todo = Show the details to the administrator.
channels-resume = Let it go on
channels-pause = Pause…
channels-pause-hint = Nothing new goes out; holds keep running. While the first channel is paused, the others wait.
channels-pause-do = Pause the channel
channels-clock-seconds = { $n ->
    [0] as ours
   *[other] differ from ours by { $n } s
}

## Calendar

calendar-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
calendar-week = { $first } – { $last } { $year }
calendar-from = From { $day } { $year }
calendar-day = { $weekday }, { $day }
calendar-weekday = { $n ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
calendar-weekday-short = { $n ->
    [1] Mon
    [2] Tue
    [3] Wed
    [4] Thu
    [5] Fri
    [6] Sat
   *[7] Sun
}
calendar-period = Another time
calendar-previous-month = ← Month before
calendar-next-month = Month after →
calendar-previous-week = ← Week before
calendar-next-week = Week after →
calendar-earlier = ← Earlier
calendar-later = Later →
calendar-today = Today
calendar-is-today = today
calendar-organisation = Organisation
calendar-view = View
calendar-view-month = Month
calendar-view-week = Week
calendar-view-list = List
calendar-at = Day
calendar-show = Show
calendar-drawn = Calendar
calendar-hint = Drag a post to another time. By keyboard: “Move” in the table below.
calendar-table = Table
calendar-weekday-column = Day
calendar-time = Time
calendar-post = Post
calendar-state = State
calendar-follows = Then
calendar-do = Action
calendar-move = Move
calendar-move-title = Move “{ $title }”
calendar-more = { $n ->
    [one] { $n } more post
   *[other] { $n } more posts
}
calendar-besides = more
calendar-nothing = There are no posts from this day on.
calendar-nothing-in-month = There are no posts in this month.
calendar-untitled = Without a title
calendar-draft = Draft: { $title }
calendar-draft-draft = draft
calendar-draft-submitted = waits for approval
calendar-draft-approved = approved
calendar-too-long = No more than { $days } days can be shown at once.
calendar-not-sent = It could not be sent; the post keeps its time. Check the connection and try again.
calendar-not-read = The calendar could not be shown. Check the connection and load the page again; the table below is from when the page was opened.
calendar-undo = Move back
calendar-close = Close
calendar-narrow = In a narrow window the days are a list.
calendar-as-grid-month = Show the month as a grid
calendar-as-grid-week = Show the week as a table
calendar-as-list = Show as a list of days
move-title = Move a post
move-zone = Times are by the organisation’s clocks: { $zone }.
move-channel = Channel
move-lies = Now
move-to = New time
move-whole = The whole post
move-own = { $channel } alone
move-not-before = Not before { $at }
move-do = Move
move-not = It cannot be moved any more
move-done = “{ $title }” is moved: { $where }.
move-draft-done = The draft “{ $title }” is moved: { $at }.
move-past = That time is over: it is { $at } now. Choose a later one.
move-meanwhile = Someone else moved the post already: it is { $at } now. Look at it and move it again if need be.
move-out = It is out already: { $at }. What is out is not moved.
move-on-its-way = The post is on its way to the platform. Wait for the outcome.
move-over = This post does not go out any more. Queue a new one.
move-stopped = The post was stopped and waits for a decision. Settle that first, under “Today”.
move-unlooked = The time of the post has come, and Vestnik looks first whether it is out already. Wait for that.
move-before-hold = Before { $at } the hold has not passed. Choose a later time.
move-expires = The post expires { $at }, before it would be out everywhere. Choose an earlier time.

## Week

weeks-title = Week
weeks-rule = The minimum: { $n ->
    [one] { $n } post
   *[other] { $n } posts
} a week on every channel, Monday to Sunday.
weeks-this = This week
weeks-in-calendar = In the calendar
weeks-channels = By channel
weeks-published = Out
weeks-planned = Planned
weeks-minimum = Minimum
weeks-verdict = Verdict
weeks-verdict-met = enough
weeks-verdict-on-the-way = will be enough as planned
weeks-verdict-at-risk = { $n ->
    [one] { $n } post is missing
   *[other] { $n } posts are missing
}
weeks-verdict-missed = too few
weeks-posts = Posts of the week
weeks-nothing = There are no posts in this week.
weeks-past = The last weeks: { $n }
weeks-past-none = The last weeks
weeks-picture-channel = { $channel }: enough in { $met } of { $counted ->
    [one] { $counted } week.
   *[other] { $counted } weeks.
}
weeks-picture-line = The line shows the minimum: { $n }.
weeks-figures = The same in figures
weeks-week = Week
weeks-too-few = too few
weeks-no-past = There are no past weeks yet.
weeks-month = { $n ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}

## Journal

journal-search = Search the journal
journal-words = Words
journal-words-hint = In any form: “bridge” finds “bridges”. Words in quotes are found as they follow each other.
journal-organisation = Organisation
journal-channel = Channel
journal-kind = Event
journal-state = Delivery now
journal-person = Who
journal-from = From
journal-to = To
journal-all = All
journal-find = Find
journal-everything = The whole journal
journal-of-one-post = These are the events of one post.
journal-not-indexed = The search is still being prepared: { $n ->
    [one] { $n } new entry cannot be found yet
   *[other] { $n } new entries cannot be found yet
}. Load the page again in a minute.
journal-found = Found
journal-newest = The latest events
journal-nothing = Nothing. Try other words or another period.
journal-not-yet = Nothing in the part of the journal that was looked through.
journal-cut = A part of the journal was looked through: a search like this goes on in parts.
journal-go-on = Search on
journal-newer = ← Newer
journal-older = Older →
journal-pages = Pages of the journal
journal-neighbours = The entries beside it
journal-column-time = Time
journal-column-what = What happened
journal-column-who = Who
journal-after-max = { $distance } after MAX
journal-installation = Vestnik (the installation)
journal-vestnik = Vestnik
journal-unreadable = This entry cannot be read: something else than Vestnik changed it.
journal-unreadable-todo = Check the chain and call an administrator.
journal-of-newer = An event of a newer Vestnik: { $kind }
journal-too-long = The search is too long. Leave a few words.
journal-too-many-words = The search has too many words: leave twenty at the most.
journal-unknown-choice = There is no such choice: { $what }.
journal-no-date = “{ $text }” is no date. Write it like 2026-11-22 or 22.11.2026.
journal-period-backwards = The period ends before it begins.
journal-yes = yes
journal-no = no

journal-entry = Entry { $seq } · { $chain }
journal-as-it-lies = As it lies in the database
journal-post = Post
journal-all-of-post = all its entries
journal-delivery = Delivery
journal-distance = After MAX
journal-proof = What proves it
journal-hash = Hash of the entry
journal-hash-right = It is that of the entry's text.
journal-hash-wrong = It is not that of the entry's text: the entry was changed.
journal-prev = Hash of the one before
journal-linked = It is that of the entry before.
journal-not-linked = It is not that of the entry before: the chain is broken.
journal-before-unreadable = The entry before cannot be read.
journal-canonical = The text whose hash (SHA-256) it is
journal-answer = The platform's answer
journal-answer-status = Status of the answer: { $status }
journal-answer-as-told = The hash of this answer stands in the journal and is right.
journal-answer-changed = The hash of this answer is not the one in the journal: the answer was changed.
journal-entry-before = ← Entry before
journal-entry-after = Entry after →

journal-kinds-post = Posts
journal-kinds-delivery = Deliveries
journal-kinds-attempt = Calls to platforms
journal-kinds-channel = Channels
journal-kinds-clock = Clocks
journal-kinds-week = Weekly minimum
journal-kinds-daemon = Vestnik at work
journal-kinds-credential = Credentials
journal-kinds-history = Copies of the journal
journal-kinds-draft = Drafts and approval
journal-kinds-person = People and signing in
journal-kinds-token = Tokens

journal-state-waiting = Waits for MAX
journal-state-held = Held
journal-state-queued = Queued
journal-state-releasing = Being released
journal-state-in_doubt = In doubt
journal-state-handed = Handed to a person
journal-state-published = Published
journal-state-failed = Failed
journal-state-cancelled = Cancelled
journal-state-withdrawn = Withdrawn

journal-post-queued = The post was queued
journal-post-edited = The post was edited, revision { $revision }
journal-post-moved = The post was moved to another time
journal-post-cancel-requested = Someone asked to cancel the post
journal-post-withdraw-requested = Someone asked to take the post down
journal-post-republished = The post goes out on MAX anew, with a new hold
journal-post-expired = The post expired: what is not out stays in
journal-post-lost = The restored database does not know the post “{ $title }”
journal-delivery-held = Held until { $until }, revision { $revision }
journal-delivery-postponed = Postponed until { $until }
journal-delivery-waiting = Waits for MAX again
journal-delivery-stopped = Stopped until a person decides
journal-delivery-resumed = Goes on
journal-delivery-published = { $action_name ->
    [edit] The channel shows the new revision { $revision }
   *[other] Published, revision { $revision }
}
journal-delivery-failed = Failed
journal-delivery-cancelled = Cancelled before it was out
journal-delivery-retracted = Taken down
journal-delivery-retract-failed = Could not be taken down
journal-delivery-handed = Handed to a person to publish by hand
journal-attempt-started = Call { $number } to the platform: { $action }
journal-attempt-ended = The call to the platform ended: { $outcome }
journal-attempt-looked = Looked on the platform: { $found }
journal-channel-paused = The channel was paused
journal-channel-resumed = The channel is used again
journal-clock-disagreed = The platform's clock differs from ours by { $ahead_ms } ms
journal-clock-jumped = The server's clock was moved by { $ahead_ms } ms
journal-week-counted = Week { $week }: { $published } out of { $minimum } asked for — { $verdict }
journal-week-warned = Week { $week }: { $published } out and { $planned } planned of { $minimum } asked for — { $verdict }
journal-daemon-started = Vestnik { $version } began its work
journal-daemon-stopped = Vestnik ended its work
journal-credential-renewed = The platform renewed the credential
journal-history-exported = A copy of the journal was taken ({ $format })
journal-history-older-head = The database was restored from an older copy: the journal is shorter than Vestnik remembers
journal-draft-submitted = The draft “{ $title }” was submitted
journal-draft-approved = The draft “{ $title }” was approved
journal-draft-returned = The draft “{ $title }” was returned to its author
journal-draft-discarded = The draft “{ $title }” was discarded
journal-person-added = A person was added: { $name } ({ $login })
journal-person-rights-changed = Rights were changed: { $login }
journal-person-disabled = May not sign in any more: { $login }
journal-person-enabled = May sign in again: { $login }
journal-person-password-reset = An address for a new password was made: { $login }
journal-person-password-set = A new password was chosen: { $login }
journal-person-signed-in = Signed in: { $login }, from { $address }
journal-person-signed-out = Signed out: { $login }
journal-person-sign-in-refused = Not let in, from { $address }
journal-person-refused = Not allowed: { $login }, { $action }
journal-token-made = The token “{ $label }” was made ({ $login })
journal-token-revoked = The token “{ $label }” was revoked ({ $login })

journal-field-action = Action
journal-field-address = Signed in from
journal-field-after = After
journal-field-ahead-ms = Difference, ms
journal-field-answer-sha256 = SHA-256 of the answer
journal-field-at = Time
journal-field-attempt = Call
journal-field-before = Before
journal-field-by = Whose word
journal-field-channel = Channel
journal-field-clocks = Clocks
journal-field-content-sha256 = SHA-256 of the text
journal-field-counts-from = Counts from
journal-field-draft = Draft
journal-field-expires-at = Do not publish after
journal-field-filter = Chosen
journal-field-follower = The channel's clock
journal-field-format = Kind of copy
journal-field-found = Found
journal-field-from = From
journal-field-hash = Hash
journal-field-hold-from = Hold from
journal-field-hold-seconds = Hold, s
journal-field-key = Key of the request
journal-field-kind = Kind of reason
journal-field-label = Token
journal-field-login = Login
journal-field-margin-seconds = Margin, s
journal-field-minimum = Minimum
journal-field-name = Name
journal-field-next-at = Next attempt
journal-field-number = Number
journal-field-organisation = Organisation
journal-field-ours = Our clock
journal-field-outcome = Outcome
journal-field-planned = Planned
journal-field-platform-time = The platform's time
journal-field-primary = Primary
journal-field-primary-seen-at = MAX was seen
journal-field-published = Out
journal-field-reason = Reason
journal-field-received-at = Confirmed
journal-field-remembered = Remembered
journal-field-remote-id = Id on the platform
journal-field-revision = Revision
journal-field-role = Role
journal-field-roles = Roles
journal-field-seq = Entry
journal-field-standing = Stands on
journal-field-status = Status of the answer
journal-field-title = Title
journal-field-todo = What to do
journal-field-until = Until
journal-field-url = Address
journal-field-verdict = Verdict
journal-field-version = Version
journal-field-week = Week

journal-value-action-publish = publication
journal-value-action-edit = edit
journal-value-action-retract = taking down
journal-value-deed-read = reading
journal-value-deed-write = writing posts
journal-value-deed-approve = approving
journal-value-deed-settle = deciding about posts
journal-value-deed-run-channels = running channels
journal-value-deed-run-people = managing people
journal-value-outcome-published = published
journal-value-outcome-edited = edited
journal-value-outcome-retracted = taken down
journal-value-outcome-retry = not taken for now, to be repeated
journal-value-outcome-rejected = refused by the platform
journal-value-outcome-unauthorised = no access
journal-value-outcome-in-doubt = nobody knows
journal-value-outcome-handed = handed to a person
journal-value-outcome-abandoned = not taken and given up
journal-value-found-yes = the post is there
journal-value-found-no = the post is not there
journal-value-found-cannot-tell = a person decides
journal-value-by-platform = the platform
journal-value-by-find = a look on the platform
journal-value-by-person = a person
journal-value-verdict-met = the minimum is met
journal-value-verdict-on-the-way = the minimum will be met
journal-value-verdict-at-risk = the minimum is at risk
journal-value-verdict-missed = the minimum was missed
journal-value-role-officer = officer
journal-value-role-editor = editor
journal-value-role-auditor = auditor
journal-value-role-administrator = administrator

export-title-all = Take a copy
export-what = A copy has the filters of the page. Only a whole copy in JSON Lines, without filters, proves anything: a program that is not ours can verify it, too.
export-jsonl = JSON Lines to verify
export-xlsx = XLSX table
export-csv = CSV table
export-busy = Two copies are being made already. Wait a minute and try again.
export-time = Time (the organisation's clocks)
export-offset = Offset
export-number = Entry
export-title = Title
export-said = Reason
export-address = Address
export-remote-id = Id on the platform
export-platform-time = The platform's time

check-title = Check of the chain
check-link = Check the chain
check-what = Every entry is checked from the first to the last (there are { $n } now); then every post, delivery and answer of a platform is held against the journal.
check-begin = Check
check-noted = A hash that was noted earlier
check-noted-hint = Optional. If you noted the hash of the last entry at an earlier check, Vestnik tells whether it still stands.
check-no-hash = That is no hash: a hash has 64 characters, digits and the letters a to f.
check-begun = Begun: { $when }, { $who }.
check-runs = The check runs
check-waits = It waits until the check of another chain ends.
check-entries = Entries checked: { $done } of { $all }.
check-posts = The entries are checked. Posts held against them: { $done }.
check-reload = Load again
check-stop = Stop
check-stopped = The check was stopped; there is no result.
check-failed = The database could not be read to its end. Call an administrator: the cause stands in the program's log.
check-proven = Proven: the chain is whole, the four-hour rule was kept, the database is as the journal tells.
check-broken = Not proven: there are differences.
check-part = No breach was found, but not everything is proven: of some deliveries it is not known how long after MAX they went out.
check-ended = Ended
check-checked = Entries checked
check-head = Last entry
check-note-it = Note the number and the hash: they show later that the end of the journal was not replaced.
check-expected = The noted hash
check-expected-at = It stands: it is entry { $seq }.
check-expected-missing = This chain does not have it: the journal was cut or written anew, or it is the hash of another chain.
check-fault = Where it is broken
check-fault-break = An entry was changed, taken out or moved.
check-fault-unreadable = An entry cannot be read: something else than Vestnik changed it.
check-fault-head = The end of the chain was cut or replaced.
check-fault-twice = The chain stands twice.
check-rule = Deliveries after MAX: { $all }; { $kept } kept the rule, { $broken } were too early, { $unfounded } have nothing on MAX before them.
check-nearest = The nearest to MAX: { $distance }.
check-unknown = Not known how long after MAX: { $unknown }.
check-wrong = What to ask about
check-remarks = Remarks
check-findings = Where the database differs from the journal
check-findings-what = A row of the database does not say what the journal says. The list is for an administrator, in the program's own words.
check-more = And { $n } more.

## Four-hour rule

rule-what = Every publication after MAX, and how much time lay between MAX and it. The rule is four hours at least.
rule-show = Show
rule-period = from { $from } to { $to }
rule-not-indexed = The table is still being prepared; entries of the journal that are not counted yet: { $n }. Load the page again in a minute.
rule-nothing = Nothing went out after MAX in this period.
rule-all-kept = The rule was kept: { $n ->
    [one] { $n } publication
   *[other] { $n } publications
}, none too early.
rule-some-broken = The rule was broken: of { $n } publications { $broken } were too early, { $unfounded } have nothing on MAX before them, and of { $unknown } nobody can tell.
rule-some-unknown = No breach is seen in { $n } publications. Of { $unknown } nobody can tell: so it is after an older copy of the database was put back, and when MAX began to show the edit is not known any more.
rule-smallest-first = Those nearest to MAX come first
rule-goes-on = Continued
rule-distance = After MAX
rule-required = Asked for
rule-of = asked for { $required }
rule-verdict = Verdict
rule-kept = kept
rule-broken = too early
rule-no-primary = not on MAX
rule-unknown = not known
rule-unreadable = The journal does not tell of this publication any more: it was changed.
rule-primary-at = On MAX
rule-published-at = On the channel
rule-edit = edit, revision { $revision }
rule-next = Next →
rule-sheet = Four-hour rule
rule-how = Distances are computed from the journal: from the later of MAX's time and the confirmation to the earliest of the channel's time, the beginning of the call and the confirmation. An edit is measured from the edit on MAX.

## Program interface

api-title = Program interface
api-lead = What the pages do, programs do too, with a token from the page «Account». The description for programs:
api-calls = Calls
api-takes = What to send (* required)
api-body = Body
api-answers = Answers
api-shapes = Shapes
api-fields = Fields (* always)

## Demonstration
