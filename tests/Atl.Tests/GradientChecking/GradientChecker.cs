using Atl.Devices;

namespace Atl.Tests.GradientChecking;

/// <summary>
/// Checks a layer's backward against its forward. The Jacobian of the tops with respect to each checked bottom and
/// parameter is taken by central differences; backward must give its product with random top diffs and, where there are
/// few tops, with each unit top diff. Beyond that: equal calls give equal bits; diffs that are not asked for are not
/// written; parameter diffs are added to; in place and in other memory layouts the results stay the same; and backward
/// reads no data but what the layer says.
/// </summary>
internal sealed class GradientChecker
{
    // So many top elements are also checked one by one.
    private const int ExhaustiveTops = 48;

    // Two orders of the same float additions differ by less than this times the largest value.
    private const double SameTolerance = 1e-5;

    // What two devices may differ by, each with its own functions and orders of sums.
    private const double OtherDeviceTolerance = 1e-4;

    private readonly GradientCase _test;
    private readonly Device _device;
    private readonly LayerHarness _harness;
    private readonly int[] _tops;
    private readonly int[] _params;
    private readonly bool[] _propagateDown;
    private readonly List<float[]> _topDiffs = [];

    private GradientChecker(GradientCase test, Device device, LayerHarness harness)
    {
        (_test, _device, _harness) = (test, device, harness);
        _tops = test.CheckTops ?? [.. Enumerable.Range(0, test.Tops)];
        _params = test.CheckParams ?? [.. Enumerable.Range(0, harness.ParamValues.Count)];
        _propagateDown = new bool[test.Bottoms.Length];
        for (int i = 0; i < _propagateDown.Length; i++)
            _propagateDown[i] = test.CheckBottoms?.Contains(i) ?? harness.Layer.CanPropagateDown(i);
        RandomStream stream = new(test.Seed, "top diffs");
        Values values = Fill.Away(-1, 1, 0.1f, 0);
        for (int i = 0; i < test.Tops; i++)
        {
            float[] diff = new float[harness.TopCount(i)];
            if (_tops.Contains(i)) values(diff, stream);
            _topDiffs.Add(diff);
        }
    }

    /// <summary>Runs all checks of a case on a device.</summary>
    public static void Check(GradientCase test, Device device)
    {
        using LayerHarness harness = new(test, device);
        GradientChecker checker = new(test, device, harness);
        checker.CheckDifferences();
        Results expected = checker.Run(harness, Layout.Plain);
        checker.CheckRepetition(expected);
        checker.CheckPropagateDown(expected);
        checker.CheckParamDiffs(expected);
        checker.CheckReads(harness, expected);
        foreach (Layout layout in (Layout[])[Layout.ChannelsLast, Layout.Blocked8, Layout.Blocked16])
            if (harness.Fits(layout))
                AssertSame(checker.Run(harness, layout), expected, $"in the layout {layout}");
        if (test.InPlace) checker.CheckInPlace(expected);
    }

    /// <summary>Checks that a layer's tops and gradients are the CPU's on another device, whatever layout its bottoms
    /// lie in and in place.</summary>
    public static void CheckAgainstTheCpu(GradientCase test, Device device)
    {
        using LayerHarness onTheCpu = new(test, Device.Cpu), harness = new(test, device);
        Results expected = new GradientChecker(test, Device.Cpu, onTheCpu).Run(onTheCpu, Layout.Plain);
        GradientChecker checker = new(test, device, harness);
        foreach (Layout layout in Enum.GetValues<Layout>())
            if (layout == Layout.Plain || harness.Fits(layout))
                AssertSame(checker.Run(harness, layout), expected, $"on {device.Name} in the layout {layout}",
                    OtherDeviceTolerance);
        Results found = checker.Run(harness, Layout.Plain);
        checker.CheckParamDiffs(found);
        checker.CheckReads(harness, found);
        if (!test.InPlace) return;
        using LayerHarness inPlace = new(test, device, inPlace: true);
        checker.CheckReads(inPlace, checker.Run(inPlace, Layout.Plain));
        AssertSame(checker.Run(inPlace, Layout.Plain), expected, $"on {device.Name} in place", OtherDeviceTolerance);
    }

    private IEnumerable<int> CheckedBottoms => Enumerable.Range(0, _propagateDown.Length).Where(i => _propagateDown[i]);

    private void CheckDifferences()
    {
        foreach (int bottom in CheckedBottoms)
            CheckVariable($"bottom {bottom}", _harness.BottomValues[bottom], () => _harness.BottomDiff(bottom));
        foreach (int param in _params)
            CheckVariable($"parameter {param}", _harness.ParamValues[param], () => _harness.ParamDiff(param));
    }

    private void CheckVariable(string name, float[] values, Func<float[]> analytic)
    {
        double[][] jacobian = Jacobian(values);
        CheckProduct(name, values, jacobian, _topDiffs, analytic);
        int count = _tops.Sum(_harness.TopCount);
        if (count > ExhaustiveTops) return;
        foreach (int top in _tops)
        {
            for (int i = 0; i < _harness.TopCount(top); i++)
            {
                List<float[]> unit = _topDiffs.ConvertAll(diff => new float[diff.Length]);
                unit[top][i] = 1;
                CheckProduct($"{name} for element {i} of top {top}", values, jacobian, unit, analytic);
            }
        }
    }

    // Row i: the derivatives of all checked tops, one after another, with respect to values[i].
    private double[][] Jacobian(float[] values)
    {
        double[][] rows = new double[values.Length][];
        for (int i = 0; i < values.Length; i++)
        {
            float kept = values[i], up = kept + _test.Step, down = kept - _test.Step;
            values[i] = up;
            float[] high = Forward();
            values[i] = down;
            float[] low = Forward();
            values[i] = kept;
            double[] row = rows[i] = new double[high.Length];
            for (int t = 0; t < row.Length; t++) row[t] = ((double)high[t] - low[t]) / ((double)up - down);
        }
        return rows;
    }

    private float[] Forward()
    {
        _harness.Forward();
        return [.. _tops.SelectMany(_harness.Top)];
    }

    private void CheckProduct(string name, float[] values, double[][] jacobian, List<float[]> topDiffs,
        Func<float[]> analytic)
    {
        _harness.Forward();
        _harness.Backward(topDiffs, _propagateDown);
        float[] found = analytic(), weights = [.. _tops.SelectMany(top => topDiffs[top])];
        List<string> wrong = [];
        for (int i = 0; i < found.Length; i++)
        {
            double expected = 0;
            for (int t = 0; t < weights.Length; t++) expected += weights[t] * jacobian[i][t];
            double allowed = _test.Threshold * Math.Max(1, Math.Max(Math.Abs(expected), Math.Abs(found[i])));
            if (!(Math.Abs(found[i] - expected) <= allowed))
                wrong.Add($"[{i}] at {values[i]:G6}: backward {found[i]:G6}, differences {expected:G6}");
        }
        if (wrong.Count > 0)
            Assert.Fail($"{name}: {wrong.Count} of {found.Length} gradients are wrong: "
                + $"{string.Join("; ", wrong.Take(8))}");
    }

    private void CheckRepetition(Results expected)
    {
        Results again = Run(_harness, Layout.Plain);
        foreach ((string name, float[] values) in again.Values)
            Assert.That(values, Is.EqualTo(expected.Values[name]), $"{name} differs between two equal runs");
    }

    private void CheckPropagateDown(Results expected)
    {
        if (_propagateDown.Length == 0) return;
        foreach (int only in CheckedBottoms.Append(-1))
        {
            bool[] propagateDown = new bool[_propagateDown.Length];
            if (only >= 0) propagateDown[only] = true;
            _harness.Forward();
            _harness.Backward(_topDiffs, propagateDown);
            string what = only >= 0 ? $"with propagate_down for bottom {only} alone" : "without propagate_down";
            AssertSame(Collect(_harness, only >= 0 ? [only] : []), expected, what);
        }
    }

    private void CheckParamDiffs(Results expected)
    {
        const float Before = 0.5f;
        _harness.Forward();
        _harness.Backward(_topDiffs, _propagateDown, paramDiff: Before);
        foreach (int param in _params)
        {
            float[] added = [.. _harness.ParamDiff(param).Select(value => value - Before)];
            AssertSame(added, expected.Values[$"diff of parameter {param}"],
                $"what was added to the diff of parameter {param}");
        }
        for (int skipped = 0; skipped < _harness.ParamValues.Count; skipped++)
        {
            _harness.Layer.SetParamPropagateDown(skipped, false);
            _harness.Forward();
            _harness.Backward(_topDiffs, _propagateDown, paramDiff: Before);
            Assert.That(_harness.ParamDiff(skipped), Is.All.EqualTo(Before),
                $"the diff of parameter {skipped} changed though it is not wanted");
            foreach (int bottom in CheckedBottoms)
                AssertSame(_harness.BottomDiff(bottom), expected.Values[$"diff of bottom {bottom}"],
                    $"diff of bottom {bottom} without that of parameter {skipped}");
            _harness.Layer.SetParamPropagateDown(skipped, true);
        }
    }

    // What a layer says that backward does not read may be anything by then.
    private void CheckReads(LayerHarness harness, Results expected)
    {
        foreach (bool readsBottom in (bool[])[true, false])
        {
            harness.Forward();
            harness.ForgetWhatBackwardDoesNotRead(readsBottom);
            harness.Backward(_topDiffs, _propagateDown);
            AssertSame(Collect(harness, CheckedBottoms), expected,
                "with the data gone that backward is said not to read");
        }
    }

    private void CheckInPlace(Results expected)
    {
        using LayerHarness inPlace = new(_test, _device, inPlace: true);
        AssertSame(Run(inPlace, Layout.Plain), expected, "in place");
        CheckReads(inPlace, expected);
        foreach (Layout layout in (Layout[])[Layout.ChannelsLast, Layout.Blocked16])
            if (inPlace.Fits(layout))
                AssertSame(Run(inPlace, layout), expected, $"in place in the layout {layout}");
    }

    private Results Run(LayerHarness harness, Layout layout)
    {
        harness.Forward(layout);
        Dictionary<string, float[]> tops = _tops.ToDictionary(top => $"top {top}", harness.Top);
        // Reading a top made it plain as well; the layer shall find it as it left it.
        harness.Forward(layout);
        harness.Backward(_topDiffs, _propagateDown, layout);
        Results results = Collect(harness, CheckedBottoms);
        foreach ((string name, float[] values) in tops) results.Values.Add(name, values);
        return results;
    }

    private Results Collect(LayerHarness harness, IEnumerable<int> bottoms)
    {
        Results results = new([]);
        foreach (int bottom in bottoms) results.Values.Add($"diff of bottom {bottom}", harness.BottomDiff(bottom));
        foreach (int param in _params) results.Values.Add($"diff of parameter {param}", harness.ParamDiff(param));
        return results;
    }

    private static void AssertSame(Results found, Results expected, string circumstance,
        double tolerance = SameTolerance)
    {
        foreach ((string name, float[] values) in found.Values) AssertSame(values, expected.Values[name],
            $"{name} {circumstance}", tolerance);
    }

    private static void AssertSame(float[] found, float[] expected, string what, double tolerance = SameTolerance)
    {
        double allowed = tolerance * Math.Max(1, expected.Length == 0 ? 0 : expected.Max(Math.Abs));
        Assert.That(found, Has.Length.EqualTo(expected.Length), what);
        for (int i = 0; i < found.Length; i++)
            if (!(Math.Abs(found[i] - expected[i]) <= allowed))
                Assert.Fail($"{what}: element {i} is {found[i]:G7}, expected {expected[i]:G7}");
    }

    // Tops and diffs of one run, by name.
    private sealed record Results(Dictionary<string, float[]> Values);
}
