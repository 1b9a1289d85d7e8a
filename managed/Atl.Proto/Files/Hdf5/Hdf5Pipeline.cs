namespace Atl.Proto;

/// <summary>The filters of an HDF5 array's chunks. (HDF5 File Format Specification 3.0, IV.A.2.l.)</summary>
internal static class Hdf5Pipeline
{
    // From this number on filters are others' and have a name.
    private const ushort FirstNamed = 256;

    /// <summary>Reads the list of filters; those that Atl lacks are known by name from then on.</summary>
    /// <param name="fields">The message.</param>
    /// <returns>The number of filters.</returns>
    public static int Read(ref Hdf5Fields fields)
    {
        byte version = fields.Byte();
        if (version is not (1 or 2)) throw new AtlException(
            $"{fields.Place} is a list of filters of version {version}, expected 1 or 2");
        int count = fields.Byte();
        if (version == 1) fields.Skip(6);
        for (int i = 0; i < count; i++)
        {
            ushort id = fields.UInt16();
            int nameLength = version == 1 || id >= FirstNamed ? fields.UInt16() : 0;
            fields.Skip(2);
            int values = fields.UInt16();
            string name = fields.Text((ulong)nameLength).TrimEnd('\0');
            fields.Skip(sizeof(uint) * (version == 1 ? values + values % 2 : values));
            Hdf5Filters.Name(id, name);
        }
        return count;
    }
}
