using Atl.Fuzz;
using Atl.Fuzz.Formats;
using Atl.Fuzz.Running;

FuzzOptions options;
FuzzFormat[] formats;
try
{
    options = FuzzOptions.Parse(args);
    formats = FormatCatalog.Find(options.Formats);
    if ((options.Mutant is not null || options.Input is not null) && formats.Length != 1)
        throw new ArgumentException("--mutant and --input take one format");
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"fuzz: {e.Message}\n{FuzzOptions.Usage}");
    return 1;
}
if (options.IsWorker) return Worker.Run(formats[0], options);

string work = Directory.CreateDirectory(Path.Combine(WorkFolder.Parent, $"atl-fuzz-{Environment.ProcessId}")).FullName;
try
{
    return FuzzRun.Run(options with { Work = work }, formats);
}
finally
{
    Directory.Delete(work, true);
}
