using Atl.Devices;
using Atl.Layers;
using Atl.Proto;

namespace Atl.Tests.GradientChecking;

/// <summary>The checker finds each kind of mistake that it is there to find.</summary>
public class GradientCheckerTests
{
    // What is wrong with a layer that computes y = w·x.
    [Flags]
    public enum Mistake
    {
        None = 0,
        BottomDiff = 1,
        ParamDiff = 2,
        AddsToBottomDiff = 4,
        OverwritesParamDiff = 8,
        IgnoresPropagateDown = 16,
        IgnoresParamPropagateDown = 32,
        Wavers = 64,
    }

    [Test]
    public void ARightLayerPasses() => Check(Mistake.None);

    [TestCase(Mistake.BottomDiff, "bottom 0: 6 of 6 gradients are wrong")]
    [TestCase(Mistake.ParamDiff, "parameter 0: 1 of 1 gradients are wrong")]
    [TestCase(Mistake.AddsToBottomDiff, "bottom 0: 6 of 6 gradients are wrong")]
    [TestCase(Mistake.OverwritesParamDiff, "what was added to the diff of parameter 0")]
    [TestCase(Mistake.IgnoresPropagateDown, "backward wrote the diff of bottom 0, which was not asked for")]
    [TestCase(Mistake.IgnoresParamPropagateDown, "the diff of parameter 0 changed though it is not wanted")]
    [TestCase(Mistake.Wavers, "differs between two equal runs")]
    public void AMistakeIsFound(Mistake mistake, string message)
    {
        using (new NUnit.Framework.Internal.TestExecutionContext.IsolatedContext())
            Assert.That(() => Check(mistake), Throws.InstanceOf<AssertionException>().With.Message.Contains(message));
    }

    private static void Check(Mistake mistake) => GradientChecker.Check(
        new GradientCase("wrong", """type: "Wrong" """, new BottomSpec(2, 3))
        {
            Make = (parameter, context) => new ScalingLayer(parameter, context, mistake),
            Params = [Fill.Uniform(0.5f, 1)],
        },
        Device.Cpu);

    private sealed class ScalingLayer(LayerParameter parameter, LayerContext context, Mistake mistake)
        : Layer(parameter, context)
    {
        private float _noise;

        public override void Forward(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top)
        {
            if (mistake.HasFlag(Mistake.Wavers)) _noise += 1e-7f;
            ReadOnlySpan<float> x = bottom[0].Data.AsReadOnlySpan();
            Span<float> y = top[0].Data.AsWriteOnlySpan();
            for (int i = 0; i < x.Length; i++) y[i] = Blobs[0].Data.AsReadOnlySpan()[0] * x[i] + _noise;
        }

        public override void Backward(IReadOnlyList<Blob> top, IReadOnlyList<bool> propagateDown,
            IReadOnlyList<Blob> bottom)
        {
            ReadOnlySpan<float> dy = top[0].Diff.AsReadOnlySpan(), x = bottom[0].Data.AsReadOnlySpan();
            if (ParamPropagateDown(0) || mistake.HasFlag(Mistake.IgnoresParamPropagateDown))
            {
                float sum = 0;
                for (int i = 0; i < x.Length; i++) sum += dy[i] * x[i];
                if (mistake.HasFlag(Mistake.ParamDiff)) sum += 0.01f;
                ref float diff = ref Blobs[0].Diff.AsSpan()[0];
                diff = mistake.HasFlag(Mistake.OverwritesParamDiff) ? sum : diff + sum;
            }
            if (!propagateDown[0] && !mistake.HasFlag(Mistake.IgnoresPropagateDown)) return;
            float factor = Blobs[0].Data.AsReadOnlySpan()[0] + (mistake.HasFlag(Mistake.BottomDiff) ? 0.05f : 0);
            Span<float> dx = bottom[0].Diff.AsSpan();
            for (int i = 0; i < x.Length; i++)
                dx[i] = factor * dy[i] + (mistake.HasFlag(Mistake.AddsToBottomDiff) ? dx[i] : 0);
        }

        protected override void SetUp(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
            AddBlob(new Shape(1), null);

        protected override void OnReshape(IReadOnlyList<Blob> bottom, IReadOnlyList<Blob> top) =>
            top[0].Reshape(bottom[0].Shape);
    }
}
