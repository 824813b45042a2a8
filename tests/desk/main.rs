//! The desk through real HTTP: a browser's requests against the whole program in this process, on a clock that is set.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod account;
mod api;
mod api_bodies;
mod approving;
mod begun;
mod bounds;
mod browser;
mod calendar;
mod door;
mod drafts;
mod files;
mod house;
mod journal;
mod language;
mod mistakes;
mod people;
mod pictures;
mod post;
mod preview;
mod program;
mod reasons;
mod restore;
mod rights;
mod rights_table;
mod rule;
mod seen;
mod today;
mod unnamed_files;
mod watching;
mod weeks;
