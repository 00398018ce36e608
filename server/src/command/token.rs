//! `token`: make, revoke and list tokens.

use std::{io::Write, time::Duration};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use customers_store::{
    Store,
    error::StoreError,
    token::{Holder, NewToken, Token},
};
use customers_types::{
    access::{Action, ActionSet, Role},
    id::{OrganizationId, TokenId, UserId},
    token::{Lapse, TokenSecret, Validity},
};

use super::{CommonFlags, runtime};
use crate::{clock, new_id::new_id};

#[derive(Subcommand)]
pub(super) enum TokenCommand {
    /// Make a token and print it; it is shown only this once
    Create(Create),
    /// Revoke a token from now on, also on a running server
    Revoke(Revoke),
    /// List all tokens, without their secrets
    List(List),
}

#[derive(Args)]
pub(super) struct Create {
    #[command(flatten)]
    common: CommonFlags,
    /// The user for whom the token acts, with all that this user may do
    #[arg(long, value_name = "usr_…", required_unless_present = "organization")]
    user: Option<UserId>,
    /// The organization for which the token acts
    #[arg(long, value_name = "org_…", conflicts_with = "user", requires = "role")]
    organization: Option<OrganizationId>,
    /// The role that the token has in the organization
    #[arg(long, requires = "organization", conflicts_with = "user")]
    role: Option<Role>,
    /// Narrow the token to this action; may be repeated. Without it, nothing is narrowed
    #[arg(long = "scope", value_name = "ACTION")]
    scopes: Vec<Action>,
    /// How long the token counts, such as 30d or 12h; without it, until it is revoked
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    expires_in: Option<Duration>,
}

#[derive(Args)]
pub(super) struct Revoke {
    #[command(flatten)]
    common: CommonFlags,
    /// The identifier of the token, as `token list` shows it
    #[arg(value_name = "tok_…")]
    id: TokenId,
}

#[derive(Args)]
pub(super) struct List {
    #[command(flatten)]
    common: CommonFlags,
}

impl TokenCommand {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let runtime = runtime()?;
        match self {
            Self::Create(create) => runtime.block_on(create.run()),
            Self::Revoke(revoke) => runtime.block_on(revoke.run()),
            Self::List(list) => runtime.block_on(list.run()),
        }
    }
}

impl Create {
    async fn run(self) -> anyhow::Result<()> {
        let holder = self.holder()?;
        let scopes = (!self.scopes.is_empty()).then(|| self.scopes.iter().copied().collect());
        let store = self.common.store_beside().await?;
        let (token, secret) = issue(store.as_ref(), holder, scopes, self.expires_in).await?;
        if let Err(error) = writeln!(std::io::stdout(), "{}", secret.reveal()) {
            store.revoke_token(token.id, clock::now()).await?;
            bail!("the token can't be printed ({error}), so it was revoked");
        }
        let _ = writeln!(std::io::stderr(), "made {}; it is shown only this once", token.id);
        Ok(())
    }

    fn holder(&self) -> anyhow::Result<Holder> {
        match (self.user, self.organization, self.role) {
            (Some(user), None, None) => Ok(Holder::User(user)),
            (None, Some(_), Some(role)) if role.all_organizations() => {
                bail!("--role: {role} holds over all organizations; a token has a role in one")
            }
            (None, Some(organization), Some(role)) => Ok(Holder::Organization(organization, role)),
            _ => bail!("expected --user, or --organization with --role"),
        }
    }
}

/// Makes a token that begins to count now, and keeps its hash.
pub(super) async fn issue(
    store: &dyn Store,
    holder: Holder,
    scopes: Option<ActionSet>,
    expires_in: Option<Duration>,
) -> anyhow::Result<(Token, TokenSecret)> {
    let now = clock::now();
    let secret = TokenSecret::generate(&mut rand::rng());
    let expires_at = expires_in.map(|duration| now.after(duration));
    let validity = Validity { expires_at, revoked_at: None };
    let token = Token { id: new_id(now), holder, scopes, created_at: now, validity };
    match store.create_token(&NewToken { hash: secret.hash(), token }).await {
        Ok(()) => Ok((token, secret)),
        Err(StoreError::NoSuchHolder) => match holder {
            Holder::User(user) => bail!("--user: there is no user {user} in the store"),
            Holder::Organization(organization, _) => {
                bail!("--organization: there is no organization {organization} in the store")
            }
        },
        Err(error) => Err(error.into()),
    }
}

impl Revoke {
    async fn run(self) -> anyhow::Result<()> {
        let store = self.common.store_beside().await?;
        if store.revoke_token(self.id, clock::now()).await? {
            Ok(())
        } else {
            bail!("there is no token {} in the store", self.id)
        }
    }
}

impl List {
    async fn run(self) -> anyhow::Result<()> {
        let tokens = self.common.store_beside().await?.tokens().await?;
        let mut stdout = std::io::stdout();
        for token in tokens {
            writeln!(stdout, "{}", line(&token)).context("the list can't be printed")?;
        }
        Ok(())
    }
}

/// One token: identifier, for whom it acts, what it is narrowed to, when it was made, its state.
fn line(token: &Token) -> String {
    let scopes = match token.scopes {
        None => "all scopes".to_owned(),
        Some(scopes) => scopes.iter().map(Action::name).collect::<Vec<_>>().join(" "),
    };
    let state = match (token.validity.lapse(clock::now()), token.validity) {
        (Some(Lapse::Revoked), Validity { revoked_at: Some(at), .. }) => format!("revoked {at}"),
        (Some(_), Validity { expires_at: Some(at), .. }) => format!("expired {at}"),
        (None, Validity { expires_at: Some(at), .. }) => format!("expires {at}"),
        _ => "does not expire".to_owned(),
    };
    format!("{}  {}  {scopes}  made {}  {state}", token.id, token.holder, token.created_at)
}
