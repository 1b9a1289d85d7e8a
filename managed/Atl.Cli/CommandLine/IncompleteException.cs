namespace Atl.Cli.CommandLine;

/// <summary>A command did its work but could not take some of its input, which it has listed: exit code 3.</summary>
internal sealed class IncompleteException(string message) : Exception(message);
