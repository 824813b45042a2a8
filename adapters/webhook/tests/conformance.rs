//! The suite that every adapter passes, against the sandbox's site.

mod site;

use site::Site;

vestnik_contract::conformance!(Site::start().await);
