// Methods, statuses and field names are HTTPTypes' own; whoever imports Web has them too.
@_exported public import HTTPTypes
