//! `/wp/v2/users/me` and the interface's own index.

use axum::response::Response;
use serde_json::{Value, json};

use super::Site;
use super::auth::{OUR_USER, Visitor};
use super::wire::{Answer, Refusal, Rest, refuse, respond_to};

impl Site {
    pub(super) fn me(&self, rest: &Rest) -> Answer {
        let Visitor::User(role) = rest.visitor else { return Err(not_logged_in()) };
        let name = self.lock().account.user.clone();
        let mut me = json!({
            "id": OUR_USER,
            "name": name,
            "slug": name,
            "link": format!("{}/author/{name}/", rest.base),
            "meta": [],
        });
        if rest.edits() {
            me["roles"] = json!([role.name()]);
            me["capabilities"] = Value::Object(role.capabilities());
        }
        Ok(respond_to(rest, 200, &me))
    }

    pub(super) fn introspect(rest: &Rest) -> Answer {
        if rest.visitor == Visitor::Anonymous {
            return Err(not_logged_in());
        }
        let password = json!({
            "uuid": "5f2d0c1e-8f0e-4b62-9a1c-3d2b7f6c8a90",
            "app_id": "",
            "name": "vestnik",
            "last_used": null,
            "last_ip": null,
        });
        Ok(respond_to(rest, 200, &password))
    }

    pub(super) fn index(&self, rest: &Rest) -> Response {
        // PHP's empty map is an array.
        let authentication = if self.lock().account.offered {
            let page = format!("{}/wp-admin/authorize-application.php", rest.base);
            json!({ "application-passwords": { "endpoints": { "authorization": page } } })
        } else {
            json!([])
        };
        let index = json!({
            "name": "Администрация города",
            "description": "",
            "url": rest.base,
            "home": rest.base,
            "gmt_offset": 3,
            "timezone_string": "Europe/Moscow",
            "namespaces": ["oembed/1.0", "wp/v2", "wp-site-health/v1", "wp-block-editor/v1"],
            "authentication": authentication,
            "routes": {},
        });
        respond_to(rest, 200, &index)
    }
}

fn not_logged_in() -> Refusal {
    refuse(401, "rest_not_logged_in", "You are not currently logged in.")
}
