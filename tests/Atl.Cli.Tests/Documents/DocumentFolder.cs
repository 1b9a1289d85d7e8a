using System.Diagnostics;
using Atl.TestSupport;

namespace Atl.Cli.Tests.Documents;

/// <summary>
/// The folder in which the blocks of one document run, one after the other as they stand in it, since they build upon
/// each other. It holds the files that a reader has before the first (<see cref="DocumentInputs"/>).
/// </summary>
internal sealed class DocumentFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lock _gate = new();
    private readonly IReadOnlyList<DocumentBlock> _blocks;
    private readonly Dictionary<DocumentBlock, ProgramResult> _results = [];

    /// <summary>Makes the folder.</summary>
    /// <param name="blocks">The blocks of the document that are run, in its order.</param>
    public DocumentFolder(IReadOnlyList<DocumentBlock> blocks)
    {
        _blocks = blocks;
        Work = _folder["work"];
        Directory.CreateDirectory(Work);
    }

    /// <summary>Where the commands run.</summary>
    public string Work { get; }

    /// <summary>Runs a block, and before it those that stand above it and have not been run.</summary>
    public ProgramResult Run(DocumentBlock block)
    {
        lock (_gate)
        {
            if (_results.Count == 0) DocumentInputs.Make(Work, _blocks.SelectMany(each => each.Commands));
            foreach (DocumentBlock each in _blocks)
            {
                if (_results.ContainsKey(block)) break;
                if (!_results.ContainsKey(each)) _results[each] = Execute(each);
            }
            return _results[block];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    // The script is the block, pushed down to its lines in the document, below a line by which the first command that
    // fails ends it and is named with its line and exit code.
    private ProgramResult Execute(DocumentBlock block)
    {
        string script = _folder["block.sh"];
        string prelude = "set -eE -o pipefail; shopt -s failglob; "
            + $"trap 'code=$?; echo \"{block.Document}:$LINENO: $BASH_COMMAND: exit code $code\" >&2' ERR";
        File.WriteAllText(script, prelude + new string('\n', block.Line - 1) + block.Text);
        ProcessStartInfo start = new("bash", [script])
        {
            WorkingDirectory = Work,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        AtlProgram.PutOnPath(start, _folder["bin"]);
        start.Environment[AtlProgram.Threads] = "1";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(AtlProgram.Limit);
        if (!ended) process.Kill(true);
        string late = ended ? "" : $"{block.Place}: did not end within {AtlProgram.Limit}\n";
        return new ProgramResult(process.ExitCode, output.Result, errors.Result + late);
    }
}
