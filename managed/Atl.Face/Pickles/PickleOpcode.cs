using System.Text;

namespace Atl.Face.Pickles;

/// <summary>The operations of Python's pickles, protocols 0 to 5 (PEP 3154, PEP 574).</summary>
internal enum PickleOpcode : byte
{
    Mark = (byte)'(',
    EmptyTuple = (byte)')',
    Stop = (byte)'.',
    Pop = (byte)'0',
    PopMark = (byte)'1',
    Dup = (byte)'2',
    Binbytes = (byte)'B',
    ShortBinbytes = (byte)'C',
    Float = (byte)'F',
    Binfloat = (byte)'G',
    Int = (byte)'I',
    Binint = (byte)'J',
    Binint1 = (byte)'K',
    Long = (byte)'L',
    Binint2 = (byte)'M',
    None = (byte)'N',
    Persid = (byte)'P',
    Binpersid = (byte)'Q',
    Reduce = (byte)'R',
    String = (byte)'S',
    Binstring = (byte)'T',
    ShortBinstring = (byte)'U',
    Unicode = (byte)'V',
    Binunicode = (byte)'X',
    EmptyList = (byte)']',
    Append = (byte)'a',
    Build = (byte)'b',
    Global = (byte)'c',
    Dict = (byte)'d',
    Appends = (byte)'e',
    Get = (byte)'g',
    Binget = (byte)'h',
    Inst = (byte)'i',
    LongBinget = (byte)'j',
    List = (byte)'l',
    Obj = (byte)'o',
    Put = (byte)'p',
    Binput = (byte)'q',
    LongBinput = (byte)'r',
    Setitem = (byte)'s',
    Tuple = (byte)'t',
    Setitems = (byte)'u',
    EmptyDict = (byte)'}',
    Proto = 0x80,
    Newobj = 0x81,
    Ext1 = 0x82,
    Ext2 = 0x83,
    Ext4 = 0x84,
    Tuple1 = 0x85,
    Tuple2 = 0x86,
    Tuple3 = 0x87,
    Newtrue = 0x88,
    Newfalse = 0x89,
    Long1 = 0x8A,
    Long4 = 0x8B,
    ShortBinunicode = 0x8C,
    Binunicode8 = 0x8D,
    Binbytes8 = 0x8E,
    EmptySet = 0x8F,
    Additems = 0x90,
    Frozenset = 0x91,
    NewobjEx = 0x92,
    StackGlobal = 0x93,
    Memoize = 0x94,
    Frame = 0x95,
    Bytearray8 = 0x96,
    NextBuffer = 0x97,
    ReadonlyBuffer = 0x98,
}

/// <summary>The names that Python gives to the operations.</summary>
internal static class PickleOpcodes
{
    /// <summary>
    /// The name as Python's pickletools writes it (STACK_GLOBAL), or the byte where there is no such operation.
    /// </summary>
    public static string NameOf(PickleOpcode opcode)
    {
        if (!Enum.IsDefined(opcode)) return $"the byte 0x{(byte)opcode:x2}, which is no operation,";
        StringBuilder name = new();
        foreach (char letter in opcode.ToString())
        {
            if (char.IsAsciiLetterUpper(letter) && name.Length > 0) name.Append('_');
            name.Append(char.ToUpperInvariant(letter));
        }
        return name.ToString();
    }
}
