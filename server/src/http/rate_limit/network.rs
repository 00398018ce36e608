//! Where requests come from.

use std::net::{IpAddr, Ipv6Addr};

/// The part of an IPv6 address that says which host; one host is usually given all of it.
const HOST_PART: u128 = u64::MAX as u128;

/// An IPv4 address, or the /64 of an IPv6 address: what one caller can't change at will.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::http) struct Network(IpAddr);

impl Network {
    pub(in crate::http) fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(address.into()),
            IpAddr::V6(address) => Self(Ipv6Addr::from_bits(address.to_bits() & !HOST_PART).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv4_address_is_a_network_of_its_own_and_an_ipv6_address_shares_its_64() {
        let same = |one: &str, other: &str| {
            Network::of(one.parse().unwrap()) == Network::of(other.parse().unwrap())
        };
        assert!(!same("192.0.2.1", "192.0.2.2"));
        assert!(same("192.0.2.1", "::ffff:192.0.2.1"));
        assert!(!same("::ffff:192.0.2.1", "::ffff:192.0.2.2"));
        assert!(same("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff"));
        assert!(!same("2001:db8:0:1::1", "2001:db8:0:2::1"));
    }
}
