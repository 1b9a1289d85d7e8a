namespace Atl.Cli.CommandLine;

/// <summary>The kind of a flag's value.</summary>
internal enum FlagKind
{
    /// <summary>Nothing, or true or false after an equals sign.</summary>
    Switch,

    /// <summary>Any text.</summary>
    Text,

    /// <summary>An integer.</summary>
    Integer,

    /// <summary>Any text, and the flag may be given several times.</summary>
    List,
}
