using System.Text.RegularExpressions;
using Atl.Data;
using Atl.Proto;
using Microsoft.Extensions.Logging;

namespace Atl.Face.Extraction;

/// <summary>
/// The Datum records of a database in the order of keys. An image is called as its key is, without the number that
/// convert_imageset puts before the file's name.
/// </summary>
internal sealed partial class RecordImageSource(string folder, DataParameter.Types.DB backend, ILogger? logger)
    : ImageSource
{
    private readonly RecordReader _reader = RecordDatabase.Open(folder, backend, logger);

    public override long? Count => _reader.Count;

    public override IEnumerable<SourceImage> Images()
    {
        do yield return Read();
        while (_reader.TryMoveNext());
    }

    public override void Dispose()
    {
        _reader.Dispose();
        base.Dispose();
    }

    private SourceImage Read()
    {
        string name = Number().Replace(_reader.Key, "");
        try
        {
            Datum datum = _reader.ReadDatum();
            return new RecordImage(name, datum, _reader.Describe(), logger);
        }
        catch (Exception e)
        {
            return new BrokenImage(name, ItemFailure.Reason(e), e);
        }
    }

    [GeneratedRegex(@"^\d{8,}_(?=.)")]
    private static partial Regex Number();

    private sealed record RecordImage(string Name, Datum Datum, string Place, ILogger? Logger)
        : SourceImage(Name, Datum.Label)
    {
        public override ItemImage Open(ImageColor color, int height, int width)
        {
            try
            {
                return ItemImage.FromDatum(Datum, color, height, width, Logger);
            }
            catch (Exception e)
            {
                throw new AtlException($"{Place}: {ItemFailure.Reason(e)}", e);
            }
        }
    }

    private sealed record BrokenImage(string Name, string Reason, Exception Error) : SourceImage(Name, null)
    {
        public override ItemImage Open(ImageColor color, int height, int width) =>
            throw new AtlException(Reason, Error);
    }
}
