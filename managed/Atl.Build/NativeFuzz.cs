namespace Atl.Build;

/// <summary>The programs that try the C ABI with libFuzzer; skipped where there is no Clang.</summary>
internal static class NativeFuzz
{
    private const string Folder = "build/fuzz-native", Programs = Folder + "/tests/native/fuzz";

    // The lines of libFuzzer and the sanitizers that say what is wrong and with which input.
    private static readonly string[] Telling = ["runtime error:", "ERROR: ", "SUMMARY: ", "Base64: "];

    /// <summary>Runs them for the time that <c>--seconds</c> gives each; gives the exit code.</summary>
    public static int Run(string[] options)
    {
        if (options is not ([] or ["--seconds", _])
            || !int.TryParse(options is [_, var given] ? given : "10", out int seconds) || seconds < 1)
            throw new BuildException("fuzz native takes --seconds N");
        if (!Shell.Has("clang++"))
        {
            Console.WriteLine("skipped: libFuzzer needs Clang (Debian's packages clang, libclang-rt-14-dev and "
                + "libomp-14-dev)\n"
                + "0 passed, 0 failed, 1 skipped");
            return 0;
        }
        Machine.Prepare();
        Shell.Run("cmake", "-S", ".", "-B", Folder, "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_COMPILER=clang++",
            "-DATL_FUZZ=ON", "-DATL_CUDA=OFF");
        Shell.Run("cmake", "--build", Folder, "--parallel", NativeBuild.Cores, "--target", "atl_fuzz");
        string[] programs = Directory.GetFiles(Programs, "*_fuzz");
        // Inputs of full length from the first on: in short runs libFuzzer would not reach any with labels and values.
        string[] flags = ["-len_control=0", "-max_len=512", $"-max_total_time={seconds}", "-seed=1", "-verbosity=0"];
        // What failed is said once more at the end, where a log that is cut off still has it.
        List<string> failures = [];
        foreach (string program in programs.Order(StringComparer.Ordinal))
        {
            List<string> said = [];
            int code = Shell.Start(program, [.. flags, $"-artifact_prefix={program}-", .. Corpus(program)], line =>
            {
                Console.WriteLine(line);
                if (Telling.Any(line.Contains)) said.Add(line);
            });
            if (code != 0) failures.AddRange([$"failed: {Path.GetFileName(program)}, exit code {code}", .. said]);
        }
        failures.ForEach(Console.WriteLine);
        int failed = failures.Count(line => line.StartsWith("failed: ", StringComparison.Ordinal));
        Console.WriteLine($"{programs.Length - failed} passed, {failed} failed, 0 skipped");
        return failed == 0 ? 0 : 1;
    }

    // Inputs that once did harm, which libFuzzer runs first.
    private static string[] Corpus(string program)
    {
        string folder = $"tests/native/fuzz/corpus/{Path.GetFileName(program)}";
        return Directory.Exists(folder) ? [$"-seed_inputs={string.Join(',', Directory.GetFiles(folder))}"] : [];
    }
}
