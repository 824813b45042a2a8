//! The suite that every adapter passes, against the sandbox's plain site.

mod site;

mod page_gone_is_unknown {
    use crate::site::Site;

    vestnik_contract::conformance!(Site::start().await);
}

mod page_gone_is_seen {
    use crate::site::Site;

    vestnik_contract::conformance!(Site::with(r#","sees_deletion":true"#).await);
}
