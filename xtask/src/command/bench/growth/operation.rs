//! What the service is measured at.

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Operation {
    Get,
    FirstPage,
    DeepPage,
    FilteredPage,
    Update,
    Import,
}

impl Operation {
    pub(super) const ALL: [Self; 6] = [
        Self::Get,
        Self::FirstPage,
        Self::DeepPage,
        Self::FilteredPage,
        Self::Update,
        Self::Import,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::FirstPage => "first page",
            Self::DeepPage => "page 1,000",
            Self::FilteredPage => "filtered page",
            Self::Update => "update",
            Self::Import => "import of 1,000 records",
        }
    }

    /// Whether what it did has to be taken back, since the database would become another one.
    pub(super) fn is_undone(self) -> bool {
        self == Self::Import
    }
}
