namespace Atl.Proto;

/// <summary>The kinds of token in a protobuf text file.</summary>
internal enum TokenKind
{
    /// <summary>Past the last token.</summary>
    End,

    /// <summary>A letter or underscore followed by letters, digits and underscores.</summary>
    Identifier,

    /// <summary>A decimal, hexadecimal or octal integer without sign.</summary>
    Integer,

    /// <summary>A number with a decimal point, an exponent or the suffix f, without sign.</summary>
    Float,

    /// <summary>A quoted string.</summary>
    String,

    /// <summary>Any other single character.</summary>
    Symbol,
}
