### The words of the interface. One subject after the other, in the same order in every file; tests in locale.rs compare the keys.

## General

product = Vestnik
demonstration = Demonstration: time runs faster
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
failure-home = To the first page
failure-wait = Wait { $seconds } s and try again.
failure-not-found = There is nothing here
failure-not-found-todo = The address may be mistyped, or what you look for belongs to another organisation.
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
failure-too-many = Too many tries
failure-too-many-todo = This keeps others from guessing passwords.
failure-internal = Vestnik could not do it
failure-internal-todo = Nothing is lost. Try again; if that does not help, call your administrator: the cause stands in the program's log.

## Today

today-attention = Waits for you
today-nothing = Nothing needs attention.

## People: signing in, roles, sessions, tokens

## Drafts and approval

## Files

## Preview: what does not fit

## Post

## Channels

## Calendar

## Week

## Journal

## Four-hour rule

## Program interface

## Demonstration
