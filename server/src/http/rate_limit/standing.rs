//! What is left of a quota, and the header fields that say so.

use std::{num::NonZeroU32, time::Duration};

use http::{HeaderName, HeaderValue, header::RETRY_AFTER};

/// The seconds for which a quota is given.
const WINDOW: u32 = 60;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Requests of one token.
    Requests,
    /// Failed authentications from one network.
    FailedAuthentications,
}

impl Policy {
    /// The name in the header fields.
    fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::FailedAuthentications => "failed-authentications",
        }
    }
}

/// What is left of a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    policy: Policy,
    quota: NonZeroU32,
    remaining: u32,
    /// Until there is one more, rounded up.
    seconds: u64,
}

impl Standing {
    /// One that lets requests through.
    pub(super) fn open(policy: Policy, quota: NonZeroU32, remaining: u32) -> Self {
        // One comes back at least so often.
        Self { policy, quota, remaining, seconds: WINDOW.div_ceil(quota.get()).into() }
    }

    /// One of which nothing is left for so long.
    pub(super) fn used_up(policy: Policy, quota: NonZeroU32, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Self { policy, quota, remaining: 0, seconds: seconds.max(1) }
    }

    /// What is counted.
    #[must_use]
    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// The header fields of draft-ietf-httpapi-ratelimit-headers-11: `RateLimit-Policy` with the
    /// quota `q` for a window of `w` seconds, and `RateLimit` with the remaining `r` requests and
    /// the `t` seconds until there is one more. They are lists of structured fields (RFC 9651).
    pub(crate) fn fields(self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        let Self { policy, quota, remaining, seconds } = self;
        let name = policy.name();
        let fields = [
            ("ratelimit-policy", format!("\"{name}\";q={quota};w={WINDOW}")),
            ("ratelimit", format!("\"{name}\";r={remaining};t={seconds}")),
        ];
        fields.into_iter().filter_map(|(name, value)| {
            Some((HeaderName::from_static(name), HeaderValue::try_from(value).ok()?))
        })
    }

    /// The header field that says when to repeat a request that was refused (RFC 9110, 10.2.3).
    pub(crate) fn retry_after(self) -> (HeaderName, HeaderValue) {
        (RETRY_AFTER, self.seconds.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_rounded_up_to_whole_seconds_and_never_none() {
        let quota = NonZeroU32::MIN;
        for (millis, seconds) in [(0, "1"), (1, "1"), (1_000, "1"), (1_001, "2"), (59_999, "60")] {
            let wait = Duration::from_millis(millis);
            let standing = Standing::used_up(Policy::Requests, quota, wait);
            assert_eq!(standing.retry_after().1, seconds, "{millis}");
        }
    }
}
