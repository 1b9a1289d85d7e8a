using Atl.Proto;

namespace Atl.Layers;

/// <summary>
/// SSD's boxes of a feature map. Around the center ((x + offset)·step_w, (y + offset)·step_h) of each place there is,
/// for each min_size s (and its max_size S): the square of side s, the square of side √(s·S), and for each further
/// ratio r the box √(s·S)·√r by √(s·S)/√r, or s·√r by s/√r where there is no max_size. With dense_anchors (FaceBoxes)
/// there are 4 × 4 squares of 32 around each place, a quarter of their side apart, and 2 × 2 squares of 64. Corners
/// come as xmin, ymin, xmax, ymax as fractions of the image's sides.
/// </summary>
internal sealed class PriorBoxes
{
    private readonly PriorBoxParameter _given;
    // Sizes, and how far the center lies from the place, in pixels.
    private readonly List<(double Width, double Height, float ShiftX, float ShiftY)> _sizes = [];

    /// <summary>Boxes of checked parameters.</summary>
    public PriorBoxes(PriorBoxParameter given)
    {
        _given = given;
        List<float> ratios = Ratios(given);
        for (int i = 0; i < given.MinSize.Count; i++)
        {
            // Whole pixels, as the published layer has them: trained nets expect these boxes.
            double least = Math.Truncate(given.MinSize[i]);
            double side = given.MaxSize.Count > 0 ? Math.Sqrt(least * Math.Truncate(given.MaxSize[i])) : least;
            AddSquares(least);
            if (given.MaxSize.Count > 0) _sizes.Add(((float)side, (float)side, 0, 0));
            foreach (float ratio in ratios)
                _sizes.Add(((float)(side * Math.Sqrt(ratio)), (float)(side / Math.Sqrt(ratio)), 0, 0));
        }
    }

    /// <summary>The number of boxes per position.</summary>
    public int Count => _sizes.Count;

    /// <summary>The corners of all boxes, row by row of places, then the variances of all.</summary>
    public float[] Make(int width, int height, float imageWidth, float imageHeight)
    {
        float stepWidth = _given.HasStepW ? _given.StepW : _given.HasStep ? _given.Step : imageWidth / width;
        float stepHeight = _given.HasStepH ? _given.StepH : _given.HasStep ? _given.Step : imageHeight / height;
        float[] made = new float[2 * width * height * Count * 4];
        int next = 0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                float centreX = (x + _given.Offset) * stepWidth, centreY = (y + _given.Offset) * stepHeight;
                foreach ((double boxWidth, double boxHeight, float shiftX, float shiftY) in _sizes)
                {
                    made[next++] = (float)((centreX + shiftX - boxWidth / 2) / imageWidth);
                    made[next++] = (float)((centreY + shiftY - boxHeight / 2) / imageHeight);
                    made[next++] = (float)((centreX + shiftX + boxWidth / 2) / imageWidth);
                    made[next++] = (float)((centreY + shiftY + boxHeight / 2) / imageHeight);
                }
            }
        }
        if (_given.Clip)
            foreach (ref float corner in made.AsSpan(0, next)) corner = Math.Clamp(corner, 0, 1);
        for (int i = next; i < made.Length; i++) made[i] = _given.Variance.Count == 0
            ? 0.1f : _given.Variance[i % _given.Variance.Count];
        return made;
    }

    private void AddSquares(double side)
    {
        // A square of FaceBoxes reaches from its first pixel to its last.
        double reach = _given.DenseAnchors ? side - 1 : side;
        int perSide = _given.DenseAnchors ? side switch { 32 => 4, 64 => 2, _ => 1 } : 1;
        float apart = perSide == 1 ? 0 : (float)(side / 4);
        for (int row = 0; row < perSide; row++)
            for (int column = 0; column < perSide; column++)
                _sizes.Add((reach, reach, (column - perSide / 2) * apart, (row - perSide / 2) * apart));
    }

    // Ratios other than 1, each once, with its inverse where that is asked for.
    private static List<float> Ratios(PriorBoxParameter given)
    {
        List<float> ratios = [1];
        foreach (float ratio in given.AspectRatio)
        {
            if (ratios.Exists(known => Math.Abs(known - ratio) < 1e-6)) continue;
            ratios.Add(ratio);
            if (given.Flip) ratios.Add(1 / ratio);
        }
        ratios.RemoveAll(ratio => Math.Abs(ratio - 1) < 1e-6);
        return ratios;
    }
}
