//! The list: posts one after the other, page by page.

use chrono::NaiveDate;

use super::dates::day_name;
use super::rows::{Drawing, PostRow};
use super::{LIST_POSTS, place_text};
use crate::office::{OfficeError, Place};

/// A page of the list.
pub(super) struct ListView {
    pub days: Vec<ListDay>,
    /// Where the page before ends, as it stands in addresses.
    pub earlier: Option<String>,
    /// Where the next page begins.
    pub later: Option<String>,
}

/// The posts of one day on the page.
pub(super) struct ListDay {
    pub date: NaiveDate,
    pub name: String,
    pub is_today: bool,
    pub posts: Vec<PostRow>,
}

impl ListView {
    pub async fn of(drawing: &Drawing<'_>, place: Place, backwards: bool) -> Result<Self, OfficeError> {
        let page = drawing.desk.office.calendar_page(drawing.organisation, place, backwards, LIST_POSTS).await?;
        let mut days: Vec<ListDay> = Vec::new();
        for post in &page.posts {
            let date = drawing.day_of(post.at());
            if days.last().is_none_or(|day| day.date != date) {
                let (name, is_today) = (day_name(drawing.page, date), date == drawing.today);
                days.push(ListDay { date, name, is_today, posts: Vec::new() });
            }
            if let Some(day) = days.last_mut() {
                day.posts.push(drawing.post(post));
            }
        }
        Ok(Self { days, earlier: page.earlier.map(place_text), later: page.later.map(place_text) })
    }
}
