using Atl.Solvers;

namespace Atl.Face.Runs;

/// <summary>The outputs of nets by name; an output of several elements has them as name/0, name/1, …</summary>
internal static class NetReadings
{
    /// <summary>The outputs of a net after a forward.</summary>
    public static Dictionary<string, double> Outputs(Net net)
    {
        Dictionary<string, double> values = [];
        foreach (Blob output in net.Outputs)
        {
            float[] elements = output.Data.ToArray();
            for (int i = 0; i < elements.Length; i++) values[Name(output.Name, i, elements.Length)] = elements[i];
        }
        return values;
    }

    /// <summary>The mean outputs of a test net.</summary>
    public static Dictionary<string, double> Outputs(SolverTestResult result)
    {
        Dictionary<string, double> values = [];
        foreach (IGrouping<string, SolverTestScore> output in result.Scores.GroupBy(score => score.Name))
        {
            SolverTestScore[] elements = [.. output];
            for (int i = 0; i < elements.Length; i++) values[Name(output.Key, i, elements.Length)] = elements[i].Value;
        }
        return values;
    }

    private static string Name(string output, int element, int count) => count == 1 ? output : $"{output}/{element}";
}
