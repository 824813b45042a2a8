//! `/wp/v2/categories` and `/wp/v2/tags`.

use serde_json::{Value, json};

use super::wire::{Answer, Rest, paging, refuse, respond_page, respond_to};
use super::world::Term;
use super::{Site, slug};

impl Site {
    pub(super) fn list_terms(&self, rest: &Rest, kind: &str) -> Answer {
        let (per_page, page) = paging(rest)?;
        let world = self.lock();
        let terms = if kind == "tags" { &world.tags } else { &world.categories };
        let slugs = rest.list("slug");
        let search = rest.text("search").map(|s| s.to_lowercase());
        let wanted = |t: &&Term| {
            slugs.as_ref().is_none_or(|s| s.contains(&t.slug))
                && search.as_ref().is_none_or(|s| t.name.to_lowercase().contains(s))
        };
        let found: Vec<&Term> = terms.iter().filter(wanted).collect();
        let shown = found.iter().skip((page - 1) * per_page).take(per_page);
        let items: Vec<Value> = shown.map(|t| Self::term_json(rest, t, taxonomy(kind))).collect();
        Ok(respond_page(rest, &items, found.len(), per_page))
    }

    pub(super) fn create_term(&self, rest: &Rest, kind: &str) -> Answer {
        // Tags are made by whoever writes posts, categories by editors.
        let capability = if kind == "tags" { "edit_posts" } else { "manage_categories" };
        if !rest.visitor.may(capability) {
            let message = "Sorry, you are not allowed to create terms in this taxonomy.";
            return Err(refuse(rest.visitor.refused(), "rest_cannot_create", message));
        }
        let name = rest.text("name").map(|n| n.trim().to_owned()).unwrap_or_default();
        if name.is_empty() {
            return Err(refuse(400, "rest_missing_callback_param", "Missing parameter(s): name"));
        }
        let mut world = self.lock();
        let id = world.next_id();
        let terms = if kind == "tags" { &mut world.tags } else { &mut world.categories };
        if let Some(there) = terms.iter().find(|t| t.name.to_lowercase() == name.to_lowercase()) {
            let message = "A term with the name provided already exists in this taxonomy.";
            return Err(refuse(400, "term_exists", message).with("term_id", json!(there.id)));
        }
        let wanted = slug::sanitise(&rest.text("slug").unwrap_or_else(|| name.clone()));
        let slug = slug::unique(&wanted, |s| terms.iter().any(|t| t.slug == s));
        let term = Term { id, name, slug };
        terms.push(term.clone());
        Ok(respond_to(rest, 201, &Self::term_json(rest, &term, taxonomy(kind))))
    }
}

fn taxonomy(kind: &str) -> &'static str {
    if kind == "tags" { "post_tag" } else { "category" }
}
