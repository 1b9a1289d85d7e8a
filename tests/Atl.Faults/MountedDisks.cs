using System.Diagnostics;
using System.Globalization;

namespace Atl.Faults;

/// <summary>Jobs on real file systems of limited size (tmpfs), which root may mount.</summary>
/// <param name="jobs">The jobs, in turn.</param>
/// <param name="parent">The folder for the mount points.</param>
internal sealed class MountedDisks(IReadOnlyList<DisturbedJob> jobs, string parent)
{
    private const int Page = 4096, Room = 256 << 20;

    /// <summary>Runs jobs on disks of sizes from almost nothing to a little more than they write.</summary>
    public void Run(Tally tally, int count, int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < count; i++)
        {
            DisturbedJob job = jobs[i % jobs.Count];
            string folder = Directory.CreateDirectory(Path.Combine(parent, "disk"
                + i.ToString(CultureInfo.InvariantCulture))).FullName;
            if (!Mount(folder, Room, ""))
            {
                tally.Skipped = "the system does not let this user mount a tmpfs";
                return;
            }
            try
            {
                job.Job.Prepare(folder);
                // What the job itself writes begins behind what was prepared.
                long used = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                    .Sum(file => (new FileInfo(file).Length / Page * Page) + (2 * Page));
                long size = used + (random.NextInt64(1, job.Pages(Page) + 1) * Page);
                Mount(folder, size, "remount,");
                ProgramEnd end = AtlProgram.Run(folder, job.Job.Command);
                string disturbance = $"{job.Job.Name} on a tmpfs of {size} bytes";
                job.AfterFullDisk(tally, folder, end, disturbance, () => Mount(folder, Room, "remount,"));
            }
            finally
            {
                Execute("umount", folder);
                Directory.Delete(folder);
            }
        }
    }

    private static bool Mount(string folder, long size, string options) =>
        Execute("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"{options}size={size}"),
            "tmpfs", folder);

    private static bool Execute(string program, params string[] arguments)
    {
        using Process process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
