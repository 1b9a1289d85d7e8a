using System.Numerics;

namespace Atl.Face.Synthesis;

/// <summary>
/// Renders images of synthetic identities for the demo and the tests: 112×112 BGR, aligned as docs/demo-faces.md says.
/// A image is a pure function of (seed, identity, image, difficulty): the same bytes on every thread and in every
/// order. One renderer serves one thread (it owns the canvas); a <see cref="FaceModel"/> is shared freely.
/// </summary>
internal sealed class FaceRenderer
{
    /// <summary>Rows and columns of an image.</summary>
    public const int ImageSize = 112;

    /// <summary>Bytes of an image: three planes (blue, green, red), as a Datum holds them.</summary>
    public const int ImageBytes = 3 * ImageSize * ImageSize;

    private const int Columns = FaceGrid.MeshColumns, Rows = FaceGrid.MeshRows;

    private readonly Vector3[] _albedo = new Vector3[FaceGrid.Columns * FaceGrid.Rows];
    private readonly Vector3[] _head = new Vector3[Columns * Rows];
    private readonly CanvasVertex[] _vertices = new CanvasVertex[Columns * Rows];
    private readonly Vector3[] _pixels = new Vector3[ImageSize * ImageSize];
    private readonly FaceCanvas _canvas = new();
    private readonly FaceBody _body = new();
    private readonly FaceFinish _finish = new();

    /// <summary>Renders one image.</summary>
    /// <param name="model">The person.</param>
    /// <param name="image">Which image of the person: pose, expression, light and camera follow from it.</param>
    /// <param name="planes">Receives <see cref="ImageBytes"/> bytes, planes blue, green, red.</param>
    /// <param name="difficulty">Scales how far images of one person differ; 1 is the demo's, 0 is a passport
    /// photograph.</param>
    /// <exception cref="ArgumentException"><paramref name="planes"/> is not <see cref="ImageBytes"/> long.</exception>
    public void Render(FaceModel model, int image, Span<byte> planes, float difficulty = 1f)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (planes.Length != ImageBytes)
            throw new ArgumentException($"an image has {ImageBytes} bytes, the buffer has {planes.Length}",
                nameof(planes));

        var capture = new FaceCapture(model.Seed, model.Identity, image, difficulty);
        model.Skin.Paint(capture, _albedo);
        model.Shape.Express(capture, _head);
        HeadShape shape = model.Shape;
        var camera = new FaceCamera(capture, _head[shape.LeftEye], _head[shape.RightEye], _head[shape.LeftMouth],
            _head[shape.RightMouth]);
        var light = new FaceLight(capture);

        FaceFinish.Background(capture, _pixels);
        _canvas.Clear();
        PlaceHead(camera, light);
        _canvas.DrawGrid(_vertices, Columns, Rows, _albedo);
        _body.Draw(model.Who, camera, light, _canvas);
        float luminance = _canvas.Resolve(_pixels);
        FaceFinish.Occlude(capture, _pixels);
        _finish.Develop(capture, _pixels, luminance, planes);
    }

    private void PlaceHead(in FaceCamera camera, in FaceLight light)
    {
        for (int row = 0; row < Rows; row++)
        {
            int above = Math.Max(0, row - 1) * Columns, below = Math.Min(Rows - 1, row + 1) * Columns;
            for (int column = 0; column < Columns; column++)
            {
                int i = (row * Columns) + column;
                Vector3 across = _head[(row * Columns) + Math.Min(Columns - 1, column + 1)]
                    - _head[(row * Columns) + Math.Max(0, column - 1)];
                Vector3 up = _head[above + column] - _head[below + column];
                Vector3 normal = camera.TurnNormal(Vector3.Normalize(Vector3.Cross(across, up)));
                ref CanvasVertex vertex = ref _vertices[i];
                camera.Project(_head[i], 1f, ref vertex);
                vertex.U = column * FaceGrid.Stride;
                vertex.V = row * FaceGrid.Stride;
                light.Fall(normal, 1f, ref vertex);
            }
        }
    }
}
