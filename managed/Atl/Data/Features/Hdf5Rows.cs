using Atl.Logging;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Data;

/// <summary>
/// The rows of HDF5 files, over and over: file after file in the list's order, or, shuffled, the files in a new order
/// each pass and the rows of a file in a new order each time. Which row comes n-th depends on n alone.
/// </summary>
internal sealed class Hdf5Rows
{
    private readonly string[] _files, _names;
    private readonly int[] _rows;
    private readonly long _total;
    private readonly ulong? _shuffleKey;
    private readonly int[] _fileOrder;
    private int[] _rowOrder = [];
    private float[][] _arrays = [];
    private long _pass = -1;
    private (long Pass, int Turn) _loaded = (-1, -1);

    /// <summary>Reads the list and checks that every file has the arrays, of the same shapes but for the number of
    /// rows.</summary>
    /// <param name="list">A text file that names HDF5 files, one a line.</param>
    /// <param name="names">The arrays.</param>
    /// <param name="shuffleKey">Chooses the orders; null for none.</param>
    /// <param name="logger">The logger for files that are found beside the list.</param>
    /// <exception cref="AtlException">The list is empty, a file is missing or does not fit; the message names
    /// it.</exception>
    public Hdf5Rows(string list, IEnumerable<string> names, ulong? shuffleKey, ILogger logger)
    {
        (_names, _shuffleKey) = ([.. names], shuffleKey);
        _files = [.. TextLines.Read(list, "a list of HDF5 files").Select(line => line.Trim())
            .Where(line => line.Length > 0)];
        if (_files.Length == 0)
            throw new AtlException($"{list}: the list is empty, expected names of HDF5 files, one a line");
        for (int i = 0; i < _files.Length; i++)
        {
            string named = _files[i];
            _files[i] = NearbyPath.Find(named, list, File.Exists) ?? named;
            if (_files[i] != named)
                logger.Info("hdf5_rows.cpp",
                    $"{named} is not in the working folder: taking {_files[i]}, relative to {list}");
        }
        _rows = new int[_files.Length];
        for (int i = 0; i < _files.Length; i++) _rows[i] = Check(list, _files[i]);
        _total = _rows.Sum(rows => (long)rows);
        _fileOrder = [.. Enumerable.Range(0, _files.Length)];
    }

    /// <summary>The shape of a row of each array, without its first axis.</summary>
    public Shape[] RowShapes { get; private set; } = [];

    /// <summary>The number of files.</summary>
    public int Files => _files.Length;

    /// <summary>Copies a row of each array.</summary>
    /// <param name="number">Which row, counted on from the first after the last.</param>
    /// <param name="copy">Takes the array's number and the row's values.</param>
    /// <exception cref="AtlException">A file cannot be read.</exception>
    public void Read(long number, Action<int, ReadOnlySpan<float>> copy)
    {
        (long pass, long place) = Math.DivRem(number, _total);
        if (pass != _pass) OrderFiles(pass);
        int turn = 0;
        while (place >= _rows[_fileOrder[turn]]) place -= _rows[_fileOrder[turn++]];
        if (_loaded != (pass, turn)) Load(pass, turn);
        int row = _rowOrder[place];
        for (int i = 0; i < _arrays.Length; i++)
        {
            int size = (int)RowShapes[i].Count;
            copy(i, _arrays[i].AsSpan(row * size, size));
        }
    }

    private int Check(string list, string path)
    {
        if (!File.Exists(path))
            throw new AtlException($"{list}: the file '{path}' that it names does not exist (relative paths count "
                + $"from {Directory.GetCurrentDirectory()} "
                + "or from the list's folder)");
        using Hdf5File file = new(path);
        Shape[] shapes = [.. _names.Select(file.ShapeOf)];
        for (int i = 0; i < shapes.Length; i++)
            if (shapes[i].NumAxes == 0 || shapes[i][0] != shapes[0][0])
                throw new AtlException($"{path}: '{_names[i]}' has shape {shapes[i]}, "
                    + $"expected {(shapes[0].NumAxes == 0 ? "some" : shapes[0][0])} rows as '{_names[0]}'");
        if (shapes[0][0] == 0) throw new AtlException($"{path}: '{_names[0]}' has no rows, expected at least one");
        Shape[] rows = [.. shapes.Select(shape => new Shape(shape.Dims[1..]))];
        for (int i = 0; i < rows.Length; i++)
            if (rows[i].Count > Array.MaxLength)
                throw new AtlException(
                    $"{path}: a row of '{_names[i]}' has shape {rows[i]}, expected at most {Array.MaxLength} values");
        if (RowShapes.Length == 0) RowShapes = rows;
        for (int i = 0; i < rows.Length; i++)
            if (!rows[i].Equals(RowShapes[i]))
                throw new AtlException($"{path}: a row of '{_names[i]}' has shape {rows[i]}, expected "
                    + $"{RowShapes[i]} as in {_files[0]}");
        return shapes[0][0];
    }

    private void OrderFiles(long pass)
    {
        for (int i = 0; i < _fileOrder.Length; i++) _fileOrder[i] = i;
        if (_shuffleKey is { } key) new RandomStream(key) { Position = (ulong)pass << 40 }.Shuffle(_fileOrder.AsSpan());
        _pass = pass;
    }

    private void Load(long pass, int turn)
    {
        int file = _fileOrder[turn];
        // One file stays as it is read; several are read in turn, so that memory holds one of them.
        if (_files.Length > 1 || _arrays.Length == 0)
        {
            using Hdf5File opened = new(_files[file]);
            _arrays = [.. _names.Select(opened.Read)];
            for (int i = 0; i < _arrays.Length; i++)
                if (_arrays[i].Length != _rows[file] * RowShapes[i].Count)
                    throw new AtlException($"{_files[file]}: '{_names[i]}' has changed since it was opened");
        }
        _rowOrder = [.. Enumerable.Range(0, _rows[file])];
        if (_shuffleKey is { } key)
            new RandomStream(key + 1)
            {
                Position = ((ulong)pass * (ulong)_files.Length + (ulong)turn)
                << 32
            }.Shuffle(_rowOrder.AsSpan());
        _loaded = (pass, turn);
    }
}
