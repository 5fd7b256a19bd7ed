namespace VaeFunctional;

/// <summary>What the values of a table's column are.</summary>
public enum ColumnKind
{
    /// <summary>Any number.</summary>
    Real,

    /// <summary>A number above 0, told from others by its ratio to them: a price, a duration.</summary>
    Positive,

    /// <summary>A whole number from 0 on: of events, of things.</summary>
    Count,

    /// <summary>One of levels that have an order, in that order.</summary>
    Ordinal,

    /// <summary>One of levels without an order. What is none of them is one more, "other".</summary>
    Category,

    /// <summary>One of two levels, the second of which is 1.</summary>
    Binary,

    /// <summary>A date in a format of .NET, such as <c>yyyy-MM-dd</c>.</summary>
    Date,

    /// <summary>What is known of a row beside its values: no model sees it.</summary>
    Label,

    /// <summary>Neither modelled nor looked at.</summary>
    Ignored,
}
