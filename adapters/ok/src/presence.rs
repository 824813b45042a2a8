//! Is a topic still up, and how does it read?

use vestnik_contract::{AdapterError, PlatformClock, Presence, RemoteId, Sighting};

use crate::errors::CallError;
use crate::permalink;
use crate::read::Group;
use crate::settings::Settings;

/// Looks at one topic.
pub(crate) async fn presence(group: Group<'_>, settings: &Settings, id: &RemoteId) -> Result<Sighting, AdapterError> {
    let looked = group.topic(&id.0).await.map_err(CallError::of_read)?;
    let clock = PlatformClock { header: looked.date, method: None };
    let Some(topic) = looked.topic else { return missing(group, id).await };
    let presence = match topic.out_of_sight {
        _ if !topic.belongs_to(group.id) => Presence::Unknown(format!(
            "topic {id} stands in {}, not in group {}",
            topic.owner.as_deref().unwrap_or("another place"),
            group.id
        )),
        Some(why) => Presence::Unknown(format!("topic {id} is on OK, but readers do not see it: {why}")),
        None => Presence::Live(topic.shown(permalink::of_topic(&settings.permalink_base, group.id, &topic.id))),
    };
    Ok(Sighting { presence, clock })
}

/// A topic that OK does not show may have been deleted, may go on under another id, or may be out of our sight.
/// It is gone when the group can be read, does not list it, and OK knows no other id for it.
async fn missing(group: Group<'_>, id: &RemoteId) -> Result<Sighting, AdapterError> {
    let republished = group.republished(&id.0).await.map_err(CallError::of_read)?;
    let page = group.page(None).await.map_err(CallError::of_read)?;
    let presence = match republished {
        Some(new) => Presence::Unknown(format!(
            "OK published topic {id} under another id, {new}; enter that topic's address to follow it"
        )),
        None if page.topics.iter().any(|topic| topic.id == id.0) => {
            Presence::Unknown(format!("OK lists topic {id} in the group, but does not show it"))
        }
        None => Presence::Gone,
    };
    Ok(Sighting { presence, clock: PlatformClock { header: page.date, method: None } })
}
