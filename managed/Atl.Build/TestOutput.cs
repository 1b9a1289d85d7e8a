using System.Globalization;

namespace Atl.Build;

/// <summary>Reads what a test program prints: failures are passed on as they come, skipped tests are gathered by
/// reason, the names of passed tests and the counts are kept.</summary>
internal sealed class TestOutput(TextWriter failures)
{
    private const int OtherLines = 200;

    private readonly List<(string Name, string? Reason)> _skips = [];
    private readonly HashSet<string> _passed = new(StringComparer.Ordinal), _notPassed = new(StringComparer.Ordinal);
    private readonly Queue<string> _other = [];
    private Section _section = Section.Other;

    private enum Section
    {
        Other,
        Failure,
        Skip,
        Summary,
    }

    /// <summary>The names of the tests that passed. A name that several tests share is among them where all of these
    /// passed.</summary>
    public IEnumerable<string> PassedNames => _passed.Except(_notPassed);

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>The last lines that tell nothing about a single test: what a program that dies has to say.</summary>
    public string Other => string.Join('\n', _other);

    public void Receive(string line)
    {
        _section = line switch
        {
            _ when line.StartsWith("Test run summary:", StringComparison.Ordinal) => Section.Summary,
            _ when line.StartsWith("failed ", StringComparison.Ordinal) => Section.Failure,
            _ when NameIn(line, "skipped ") is not null => Section.Skip,
            [not ' ', ..] => Section.Other,
            _ => _section,
        };
        if (NameIn(line, "passed ") is { } passed) _passed.Add(passed);
        else if (NameIn(line, "failed ") is { } failed) _notPassed.Add(failed);
        switch (_section)
        {
            case Section.Failure when line.Trim().Length > 0:
                failures.WriteLine(line);
                break;
            case Section.Skip when NameIn(line, "skipped ") is { } skipped:
                _skips.Add((skipped, null));
                _notPassed.Add(skipped);
                break;
            case Section.Skip when _skips[^1].Reason is null:
                _skips[^1] = (_skips[^1].Name, line.Trim());
                break;
            case Section.Summary:
                Passed += Count(line, "succeeded:");
                Failed += Count(line, "failed:");
                Skipped += Count(line, "skipped:");
                break;
            case Section.Other when !line.StartsWith("passed ", StringComparison.Ordinal):
                _other.Enqueue(line);
                if (_other.Count > OtherLines) _other.Dequeue();
                break;
        }
    }

    public void Finish(SortedDictionary<string, List<string>> skipped)
    {
        foreach ((string name, string? reason) in _skips)
        {
            string why = string.IsNullOrEmpty(reason) ? "no reason given" : reason;
            if (!skipped.TryGetValue(why, out List<string>? names)) skipped[why] = names = [];
            names.Add(name);
        }
    }

    // "passed NAME (12ms)"
    private static string? NameIn(string line, string outcome)
    {
        int end = line.LastIndexOf(" (", StringComparison.Ordinal);
        return end >= outcome.Length && line.StartsWith(outcome, StringComparison.Ordinal) ? line[outcome.Length..end]
            : null;
    }

    private static int Count(string line, string label)
    {
        string text = line.Trim();
        return text.StartsWith(label, StringComparison.Ordinal)
            && int.TryParse(text[label.Length..], CultureInfo.InvariantCulture, out int count) ? count : 0;
    }
}
