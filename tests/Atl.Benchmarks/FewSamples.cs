using System.Runtime.InteropServices;
using Atl.Devices;
using Atl.Operators;

namespace Atl.Benchmarks;

/// <summary>InnerProduct with few samples and many rows of weights; the floor is each product by one call of oneDNN's
/// <c>dnnl_sgemm</c>.</summary>
internal static class FewSamples
{
    private const int Samples = 32, Outputs = 10572, Inputs = 512;

    private unsafe delegate int Sgemm(
        byte transA, byte transB, nint m, nint n, nint k, float alpha, float* a, nint lda, float* b, nint ldb,
        float beta, float* c, nint ldc);

    /// <summary>Forward and the gradient to the weights for 32 samples and 10,572 rows of 512.</summary>
    public static unsafe Measurement Measure(string name, int rounds, TextWriter output)
    {
        Sgemm sgemm = Marshal.GetDelegateForFunctionPointer<Sgemm>(NativeLibrary.GetExport(OneDnn(), "dnnl_sgemm"));
        Tensor x = new(new Shape(Samples, Inputs)), w = new(new Shape(Outputs, Inputs)),
            y = new(new Shape(Samples, Outputs)), dw = new(w.Shape);
        x.AsWriteOnlySpan().Fill(0.5f);
        w.AsWriteOnlySpan().Fill(0.25f);
        dw.AsWriteOnlySpan().Clear();
        using InnerProduct made = Device.Cpu.Create(new InnerProductSpec(Samples, Outputs, Inputs, Transpose: false));
        float* px = (float*)x.Read(Device.Cpu), pw = (float*)w.Read(Device.Cpu);
        double[] best = Timing.Least(
            rounds,
            () => made.Forward(x, w, null, y),
            () => Check(sgemm((byte)'N', (byte)'T', Samples, Outputs, Inputs, 1, px, Inputs, pw, Inputs, 0,
                (float*)y.Write(Device.Cpu), Outputs)),
            () => made.BackwardWeights(x, y, dw, null),
            () => Check(sgemm(
                (byte)'T', (byte)'N', Outputs, Inputs, Samples, 1, (float*)y.Read(Device.Cpu), Outputs, px, Inputs, 1,
                (float*)dw.ReadWrite(Device.Cpu),
                    Inputs)));
        output.WriteLine($"{name}: forward {best[0]:F2} ms, one product {best[1]:F2}; gradient to the weights "
            + $"{best[2]:F2} ms, one product {best[3]:F2}");
        return new Measurement(name, best[0] + best[2], best[1] + best[3], Machine.PeakMemory());
    }

    private static void Check(int status)
    {
        if (status != 0) throw new InvalidOperationException($"dnnl_sgemm gave status {status}");
    }

    // The library that Atl's own is linked with, which is loaded by now.
    private static nint OneDnn()
    {
        foreach (string file in (string[])["libdnnl.so.3", "libdnnl.so.2", "libdnnl.so", "dnnl"])
            if (NativeLibrary.TryLoad(file, out nint handle)) return handle;
        throw new DllNotFoundException("oneDNN's library was not found");
    }
}
