using Atl.Proto;

namespace Atl.Data;

/// <summary>
/// A window resized to crop_size × crop_size by bilinear interpolation: as it is (crop_mode warp) or grown to a square
/// first, with context_pad pixels of its surroundings on each side. What lies outside the image comes to 0, as the mean
/// would. (Caffe's WindowDataLayer, after R-CNN.)
/// </summary>
internal sealed class WindowSample : BatchSample
{
    private readonly DatumTransformer _transformer;
    private readonly byte[] _pixels;
    private readonly int _channels, _height, _width, _top, _left, _crop;

    public WindowSample(DecodedImage image, WindowFile.Window window, WindowDataParameter settings,
        DatumTransformer transformer, bool mirror)
    {
        _transformer = transformer;
        _crop = transformer.CropSize;
        transformer.CheckWindowMean(image.View.Channels);
        mirror &= transformer.Mirror;
        int columns = image.View.Width, rows = image.View.Height;
        (_channels, int x1, int y1, int x2, int y2) = (image.View.Channels, window.X1, window.Y1, window.X2, window.Y2);
        if (x2 >= columns || y2 >= rows)
            throw new AtlException($"the window reaches ({x2}, {y2}), outside its image of {columns} x {rows}");
        (_height, _width) = (_crop, _crop);
        int pad = (int)settings.ContextPad;
        bool square = settings.CropMode == "square";
        if (pad > 0 || square)
        {
            // Grown so far that exactly context_pad pixels lie on each side after it is brought to size.
            float scale = (float)_crop / (_crop - 2 * pad);
            float halfHeight = (y2 - y1 + 1) / 2f, halfWidth = (x2 - x1 + 1) / 2f, centerX = x1 + halfWidth,
                centerY = y1 + halfHeight;
            if (square) halfHeight = halfWidth = Math.Max(halfHeight, halfWidth);
            x1 = Round(centerX - halfWidth * scale);
            x2 = Round(centerX + halfWidth * scale);
            y1 = Round(centerY - halfHeight * scale);
            y2 = Round(centerY + halfHeight * scale);
            float scaleX = (float)_crop / (x2 - x1 + 1), scaleY = (float)_crop / (y2 - y1 + 1);
            int outsideLeft = Math.Max(0, -x1), outsideTop = Math.Max(0, -y1),
                outsideRight = Math.Max(0, x2 - columns + 1),
                outsideBottom = Math.Max(0, y2 - rows + 1);
            x1 += outsideLeft;
            x2 -= outsideRight;
            y1 += outsideTop;
            y2 -= outsideBottom;
            _top = Round(outsideTop * scaleY);
            _left = Round((mirror ? outsideRight : outsideLeft) * scaleX);
            // Rounding may have made one too many.
            _height = Math.Min(Round((y2 - y1 + 1) * scaleY), _crop - _top);
            _width = Math.Min(Round((x2 - x1 + 1) * scaleX), _crop - _left);
        }
        if (_height <= 0 || _width <= 0)
            throw new AtlException($"the window is {_height} x {_width} pixels, expected at least one");
        _pixels = image.ResizedPart(x1, y1, x2 - x1 + 1, y2 - y1 + 1, _width, _height, mirror);
    }

    public override Shape Shape => new(_channels, _crop, _crop);

    public override void WriteTo(Span<float> output)
    {
        output.Clear();
        for (int y = 0, next = 0; y < _height; y++)
            for (int x = 0; x < _width; x++)
                for (int c = 0; c < _channels; c++, next++)
                    output[(c * _crop + y + _top) * _crop + x + _left] =
                        (_pixels[next] - _transformer.MeanAt(c, y + _top, x + _left)) * _transformer.Scale;
    }

    // As C's round: halves away from zero.
    private static int Round(float value) => (int)MathF.Round(value, MidpointRounding.AwayFromZero);
}
