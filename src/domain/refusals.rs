//! Closed lists of refusals: each has a name that stays, its values, and an English sentence for terminals and programs.

macro_rules! refusals {
    ($(#[$doc:meta])* $type:ident {
        $($(#[$vdoc:meta])* $variant:ident { $($(#[$fdoc:meta])* $field:ident: $value:ty),* $(,)? } = $code:literal),* $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        pub enum $type {
            $($(#[$vdoc])* $variant { $($(#[$fdoc])* $field: $value),* }),*
        }

        impl $type {
            /// Every name.
            pub const CODES: &'static [&'static str] = &[$($code),*];

            /// The name, stable: words in other languages stand under it.
            pub fn code(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $code),* }
            }

            /// What those words name.
            pub fn figures(&self) -> vestnik_contract::Figures {
                match self {
                    $(Self::$variant { $($field),* } => vestnik_contract::Figures::from([
                        $((stringify!($field), vestnik_contract::Figure::Text($field.to_string()))),*
                    ])),*
                }
            }
        }
    };
}

pub(crate) use refusals;
