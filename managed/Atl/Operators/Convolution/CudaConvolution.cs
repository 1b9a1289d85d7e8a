using Atl.Devices;
using Atl.Devices.Cuda;
using Atl.Native;

namespace Atl.Operators;

/// <summary>
/// Convolutions of up to three spatial axes: the windows of as many images as fit into the workspace become one matrix
/// (native/cuda/convolution.cu), and cuBLAS multiplies it with the weights. 1 × 1 convolutions of images that are not
/// small need no such matrix, and depthwise ones have kernels of their own.
/// </summary>
[OperatorFor<CudaDevice, ConvolutionSpec>]
internal sealed class CudaConvolution : Convolution
{
    private const int MaxAxes = 3;

    // Below so many windows an image makes a product that keeps little of a GPU busy, and images are put side by side.
    private const long EnoughWindows = 64;

    private readonly CudaDevice _cuda;
    private readonly CudaKernel _columns, _pixels, _pack, _unpack;
    private readonly CudaBias _bias;
    private readonly CudaDepthwise? _depthwise;
    private readonly NativeConvolutionWindows _geometry;
    private readonly long _images, _inputPixels, _windows, _taps;
    private readonly int _inputs, _outputs, _groups;
    private readonly bool _isPointwise;

    public CudaConvolution(CudaDevice device, ConvolutionSpec spec)
        : base(device, spec)
    {
        ConvolutionGeometry geometry = spec.Geometry;
        _cuda = device;
        (_images, _inputs, _outputs, _groups) = (geometry.Images, geometry.InputChannels, geometry.OutputChannels,
            geometry.Groups);
        int[] output = [.. Enumerable.Range(0, geometry.Input.NumAxes).Select(axis => OutputOf(geometry, axis))];
        (_inputPixels, _windows, _taps) = (geometry.Input.Count, new Shape(output).Count, geometry.Kernel.Count);
        _geometry = new NativeConvolutionWindows
        {
            Images = _images,
            Channels = _inputs,
            Multiplier = 1,
            Depth = Axis(geometry, output, 2),
            Height = Axis(geometry, output, 1),
            Width = Axis(geometry, output, 0),
        };
        _isPointwise = _taps == 1 && AreAll(geometry.Stride, 1) && AreAll(geometry.Pad, 0);
        _columns = new CudaKernel(device, KernelSignatures.ConvolutionColumns);
        _pixels = new CudaKernel(device, KernelSignatures.ConvolutionPixels);
        _pack = new CudaKernel(device, KernelSignatures.ConvolutionPack);
        _unpack = new CudaKernel(device, KernelSignatures.ConvolutionUnpack);
        _bias = new CudaBias(device, _images, _outputs, _windows);
        if (_groups == _inputs && _groups > 1)
            _depthwise = new CudaDepthwise(device, _geometry with { Multiplier = _outputs / _inputs }, _windows,
                _inputPixels, _taps);
    }

    private delegate void Chunk(long first, long images, nint columns, nint packed);

    // Rows of the matrix of windows, and the floats that a group's weights have.
    private long Rows => _inputs * _taps;

    private long GroupWeights => _outputs / _groups * (_inputs / _groups) * _taps;

    private bool IsEmpty => _images * _inputPixels == 0;

    // Products for each image, from the images as they lie.
    private bool NeedsNoColumns => _isPointwise && _windows >= EnoughWindows;

    /// <summary>Whether the geometry has no more axes than the kernels.</summary>
    public static bool Serves(ConvolutionSpec spec) => spec.Geometry.Input.NumAxes <= MaxAxes;

    protected override void RunForward(Tensor x, Tensor weights, Tensor? bias, Tensor y)
    {
        nint px = x.Read(Device), w = weights.Read(Device), b = bias?.Read(Device) ?? 0, py = y.Write(Device);
        if (_depthwise is not null)
        {
            _depthwise.Forward(px, w, b, py);
            return;
        }
        if (IsEmpty)
        {
            Device.Zero(py, y.Count * sizeof(float));
            if (b != 0) _bias.Add(b, py);
            return;
        }
        if (NeedsNoColumns)
        {
            MultiplyImages(false, _outputs, _inputs, w, px, py);
            if (b != 0) _bias.Add(b, py);
            return;
        }
        ForChunks((first, images, columns, packed) =>
        {
            GatherColumns(images, At(px, first, _inputs, _inputPixels), columns);
            nint to = At(py, first, _outputs, _windows);
            // One image lies in its product as it does in y.
            nint product = images == 1 && b == 0 ? to : packed;
            Multiply(false, _outputs / _groups, images * _windows, Rows / _groups, w, columns, product);
            if (product == packed)
                _unpack.LaunchMap(images * _outputs * _windows, images, (long)_outputs, _windows, packed, b, to);
        });
    }

    protected override void RunBackwardData(Tensor dy, Tensor weights, Tensor dx)
    {
        nint pdy = dy.Read(Device), w = weights.Read(Device), pdx = dx.Write(Device);
        if (IsEmpty) return;
        if (_depthwise is not null)
        {
            _depthwise.BackwardData(pdy, w, pdx);
            return;
        }
        if (NeedsNoColumns)
        {
            MultiplyImages(true, _inputs, _outputs, w, pdy, pdx);
            return;
        }
        ForChunks((first, images, columns, packed) =>
        {
            nint gradient = Packed(images, At(pdy, first, _outputs, _windows), packed);
            Multiply(true, Rows / _groups, images * _windows, _outputs / _groups, w, gradient, columns);
            _pixels.LaunchThreads(
                images * _inputs * _inputPixels, Chunked(images), columns, At(pdx, first, _inputs, _inputPixels));
        });
    }

    protected override void RunBackwardWeights(Tensor x, Tensor dy, Tensor? dWeights, Tensor? dBias)
    {
        if (IsEmpty) return;
        nint px = x.Read(Device), pdy = dy.Read(Device);
        if (dWeights is not null)
        {
            nint dw = dWeights.ReadWrite(Device);
            if (_depthwise is not null)
            {
                _depthwise.BackwardWeights(px, pdy, dw);
            }
            else
            {
                ForChunks((first, images, columns, packed) =>
                {
                    GatherColumns(images, At(px, first, _inputs, _inputPixels), columns);
                    nint gradient = Packed(images, At(pdy, first, _outputs, _windows), packed);
                    long width = images * _windows;
                    _cuda.Blas.GemmBatched(false, true, _outputs / _groups, checked((int)(Rows / _groups)),
                        checked((int)width), gradient,
                        _outputs / _groups * width, columns, Rows / _groups * width, 1, dw, GroupWeights, _groups);
                });
            }
        }
        if (dBias is not null) _bias.AddSums(pdy, dBias.ReadWrite(Device));
    }

    private static int OutputOf(ConvolutionGeometry geometry, int axis) =>
        (int)((geometry.Input[axis] + 2L * geometry.Pad[axis] - geometry.Window(axis)) / geometry.Stride[axis]) + 1;

    private static bool AreAll(Shape values, int value) => values.Dims.ToArray().All(dim => dim == value);

    // An axis, counted from the last one.
    private static NativeConvolutionAxis Axis(ConvolutionGeometry geometry, int[] output, int fromLast)
    {
        int axis = output.Length - 1 - fromLast;
        bool isThere = axis >= 0;
        return new NativeConvolutionAxis
        {
            Input = isThere ? geometry.Input[axis] : 1,
            Kernel = isThere ? geometry.Kernel[axis] : 1,
            Stride = isThere ? geometry.Stride[axis] : 1,
            Pad = isThere ? geometry.Pad[axis] : 0,
            Dilation = isThere ? geometry.Dilation[axis] : 1,
            Output = isThere ? output[axis] : 1,
        };
    }

    private static nint At(nint array, long image, long channels, long places) =>
        array + (nint)(image * channels * places * sizeof(float));

    // Calls the body with the room for a chunk's matrix of windows and for its side of the products, chunk after chunk.
    private void ForChunks(Chunk body)
    {
        long image = (Rows + _outputs) * _windows * sizeof(float);
        long most = Math.Clamp(Math.Min(_cuda.WorkspaceBudget / image, int.MaxValue / _windows), 1, _images);
        long chunks = (_images + most - 1) / most, size = (_images + chunks - 1) / chunks;
        using Workspace.Loan scratch = Device.Workspace.Borrow(size * image);
        nint columns = scratch.Pointer, packed = columns + (nint)(size * Rows * _windows * sizeof(float));
        for (long first = 0; first < _images; first += size)
            body(first, Math.Min(size, _images - first), columns, packed);
    }

    private void GatherColumns(long images, nint x, nint columns) =>
        _columns.LaunchThreads(_inputs * images * _windows, Chunked(images), x, columns);

    private KernelArgument Chunked(long images) => KernelArgument.Of(_geometry with { Images = images });

    // The gradient of a chunk with its images side by side.
    private nint Packed(long images, nint dy, nint packed)
    {
        if (images == 1) return dy;
        _pack.LaunchMap(images * _outputs * _windows, images, (long)_outputs, _windows, dy, packed);
        return packed;
    }

    // For each group c = op(w)·b, where b and c are rows of a chunk.
    private void Multiply(bool transposeW, long m, long n, long k, nint w, nint b, nint c) =>
        _cuda.Blas.GemmBatched(
            transposeW, false, checked((int)m), checked((int)n), checked((int)k), w, GroupWeights, b, k * n, 0, c,
            m * n, _groups);

    // For each image y = op(w)·x.
    private void MultiplyImages(bool transposeW, int rows, int inner, nint w, nint x, nint y)
    {
        int m = rows / _groups, k = inner / _groups, n = checked((int)_windows);
        for (int group = 0; group < _groups; group++)
        {
            _cuda.Blas.GemmBatched(transposeW, false, m, n, k, w + (nint)(group * GroupWeights * sizeof(float)), 0,
                At(x, group, k, n), (long)inner * n, 0,
                At(y, group, m, n), (long)rows * n, checked((int)_images));
        }
    }
}
