using System.ComponentModel;
using System.Diagnostics;
using Atl.Proto;

namespace Atl.Cli.Drawing;

/// <summary>Graphviz' program dot, where it is installed.</summary>
internal static class Graphviz
{
    /// <summary>Draws a graph into a file of a format that dot knows; false where there is no dot.</summary>
    /// <exception cref="AtlException">dot refuses.</exception>
    public static bool TryDraw(string dotText, string format, string path)
    {
        ProcessStartInfo start = new("dot") { RedirectStandardInput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-T" + format);
        start.ArgumentList.Add("-o");
        start.ArgumentList.Add(path);
        try
        {
            using Process dot = Process.Start(start)!;
            Task<string> errors = dot.StandardError.ReadToEndAsync();
            dot.StandardInput.Write(dotText);
            dot.StandardInput.Close();
            dot.WaitForExit();
            return dot.ExitCode == 0
                ? true : throw new AtlException($"{path}: Graphviz could not draw it: {errors.Result.Trim()}");
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
