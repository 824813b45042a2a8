//! One set of cases that every adapter passes against its sandbox world.
//!
//! An adapter's test file implements [`World`] over its sandbox and says
//! `vestnik_contract::conformance!(MyWorld::start().await);`. The cases look at what stands in the world, not at what
//! the adapter says of itself.

#[allow(clippy::unwrap_used, reason = "a failed case panics")]
mod cases;
mod files;
mod world;

pub use cases::*;
pub use files::Files;
pub use world::{Seen, Trouble, World};

/// Makes one test of every case; `$world` is an expression that starts a fresh world (it may await).
#[macro_export]
macro_rules! conformance {
    ($world:expr) => {
        $crate::conformance!(@cases $world;
            a_text_stands_as_it_was_announced,
            pictures_stand_beside_the_text,
            a_document_stands_beside_the_text,
            every_misfit_is_told_at_once_with_limit_and_figure,
            cyrillic_and_emoji_fit_up_to_the_limit,
            a_lost_reply_is_settled_by_find,
            a_post_of_another_delivery_is_not_taken_for_ours,
            a_lost_request_is_found_missing_and_sent_again,
            a_rubbish_answer_after_the_commit_is_unknown,
            half_an_answer_is_unknown,
            a_refusal_is_final_and_leaves_nothing,
            a_rate_limit_says_how_long,
            a_rate_limit_may_say_nothing,
            lost_rights_stop_the_channel_and_show_in_check,
            check_says_who_and_that_all_is_well,
            deleted_by_hand_is_seen,
            edited_by_hand_is_seen,
            an_edit_replaces_what_stands,
            a_withdrawal_leaves_nothing_and_repeats_safely,
            made_by_hand_is_seen_in_the_feed,
            a_wrong_clock_is_seen,
            a_missing_date_is_no_clock,
            a_public_address_leads_back_to_the_post,
            what_is_stored_holds_no_secret,
        );
    };
    (@cases $world:expr; $($case:ident),* $(,)?) => {
        $(#[tokio::test]
        async fn $case() {
            $crate::conformance::$case(&$world).await;
        })*
    };
}
