//! Who calls. The records of all of them are in `world.ndjson`.

use strum::{IntoStaticStr, VariantArray};

/// Ada, who has a checkout of a product of Quillfeather.
pub(crate) const ADA: &str = "cus_01ke0v3d00e3qrb0y5x2t8m4a1";

/// Bob, who has a checkout of a product of Brindlemoor, and of whom little is known.
pub(crate) const BOB: &str = "cus_01ke0v3d00e3qrb0y5x2t8m4b1";

/// Nobody.
pub(crate) const ABSENT: &str = "cus_01ke0v3d00e3qrb0y5x2t8m4zz";

/// The organization that has Ada for a customer.
pub(crate) const QUILLFEATHER: &str = "org_01ke0v3d00e3qrb0y5x2t8m4a1";

/// Somebody, in relation to Ada.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Actor {
    /// Without a token.
    Anonymous,
    /// Ada's own user.
    Oneself,
    /// Support of Quillfeather.
    Member,
    /// Administrator of Brindlemoor.
    OtherMember,
    /// Administrator of Quillfeather.
    Administrator,
    /// Support of the platform.
    Platform,
    /// Administrator of the platform.
    PlatformAdministrator,
    /// Support of Quillfeather to whom Ada is denied.
    Denied,
    /// Support of Quillfeather to whom Ada will be denied in the year 2999.
    DeniedLater,
    /// A user to whom Ada was granted.
    Granted,
    /// Product manager of Quillfeather: no permission on customers.
    ProductManager,
    /// A user who is nothing anywhere.
    Stranger,
    /// A token of Quillfeather itself, in the role of its support.
    Organization,
    /// Support of the platform with a token that is narrowed to `TokenRead`.
    Narrowed,
}

impl Actor {
    pub(crate) fn name(self) -> &'static str {
        self.into()
    }

    /// The options of `token create` for the actor; none for one who has no token.
    pub(crate) fn token_options(self) -> Option<Vec<&'static str>> {
        let user = match self {
            Self::Anonymous => return None,
            Self::Organization => {
                return Some(vec!["--organization", QUILLFEATHER, "--role", "CustomerSupport"]);
            }
            Self::Oneself => "usr_01ke0v3d00e3qrb0y5x2t8m4a1",
            Self::Member => "usr_01ke0v3d00e3qrb0y5x2t8m4c1",
            Self::OtherMember => "usr_01ke0v3d00e3qrb0y5x2t8m4d1",
            Self::Platform | Self::Narrowed => "usr_01ke0v3d00e3qrb0y5x2t8m4e1",
            Self::Administrator => "usr_01ke0v3d00e3qrb0y5x2t8m4m1",
            Self::PlatformAdministrator => "usr_01ke0v3d00e3qrb0y5x2t8m4n1",
            Self::Denied => "usr_01ke0v3d00e3qrb0y5x2t8m4f1",
            Self::Granted => "usr_01ke0v3d00e3qrb0y5x2t8m4g1",
            Self::ProductManager => "usr_01ke0v3d00e3qrb0y5x2t8m4h1",
            Self::DeniedLater => "usr_01ke0v3d00e3qrb0y5x2t8m4j1",
            Self::Stranger => "usr_01ke0v3d00e3qrb0y5x2t8m4k1",
        };
        let mut options = vec!["--user", user];
        if self == Self::Narrowed {
            options.extend(["--scope", "TokenRead"]);
        }
        Some(options)
    }
}
