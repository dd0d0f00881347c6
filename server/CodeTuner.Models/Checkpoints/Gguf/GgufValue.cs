using System.Text;

namespace CodeTuner.Models.Checkpoints.Gguf;

/// <summary>
/// A value of the metadata, as the .NET type of the same meaning: numbers, <see cref="bool"/>, <see cref="string"/>, and arrays of one of those.
/// </summary>
internal static class GgufValue
{
    private const uint ArrayId = 9;

    // The format's numbers of the types, and the fewest bytes that a value of each takes.
    private static readonly (uint Id, Type Type, int LeastBytes)[] Types =
    [
        (0, typeof(byte), 1), (1, typeof(sbyte), 1), (2, typeof(ushort), 2), (3, typeof(short), 2), (4, typeof(uint), 4), (5, typeof(int), 4),
        (6, typeof(float), 4), (7, typeof(bool), 1), (8, typeof(string), 8), (10, typeof(ulong), 8), (11, typeof(long), 8), (12, typeof(double), 8),
    ];

    /// <summary>Whether the format can hold it.</summary>
    public static bool Supports(object value) => Array.Exists(Types, t => t.Type == (value is Array ? value.GetType().GetElementType() : value.GetType()));

    /// <summary>Writes the type and the value.</summary>
    public static void Write(BinaryWriter writer, object value)
    {
        if (value is not Array array)
        {
            writer.Write(IdOf(value.GetType()));
            WriteBare(writer, value);
            return;
        }

        writer.Write(ArrayId);
        writer.Write(IdOf(array.GetType().GetElementType()!));
        writer.Write((ulong)array.Length);
        foreach (object element in array)
            WriteBare(writer, element);
    }

    /// <summary>Writes a string as the format has it: its length in bytes, then its UTF-8.</summary>
    public static void WriteText(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    /// <summary>Reads a type and a value of it.</summary>
    /// <exception cref="FormatException">The bytes are none.</exception>
    public static object Read(BinaryReader reader)
    {
        uint id = reader.ReadUInt32();
        if (id != ArrayId)
            return ReadBare(reader, TypeOf(id).Type);
        (Type type, int leastBytes) = TypeOf(reader.ReadUInt32());
        ulong count = reader.ReadUInt64();
        Stream stream = reader.BaseStream;
        if (count > (ulong)(stream.Length - stream.Position) / (ulong)leastBytes)
            throw new FormatException($"an array claims {count} values, which the file has no room for");
        Array array = Array.CreateInstance(type, (int)Math.Min(count, (ulong)Array.MaxLength));
        for (int i = 0; i < array.Length; i++)
            array.SetValue(ReadBare(reader, type), i);
        return array;
    }

    /// <summary>Reads a string.</summary>
    /// <exception cref="FormatException">It claims more bytes than are left.</exception>
    public static string ReadText(BinaryReader reader)
    {
        ulong length = reader.ReadUInt64();
        Stream stream = reader.BaseStream;
        if (length > (ulong)(stream.Length - stream.Position) || length > int.MaxValue)
            throw new FormatException($"a string claims {length} bytes, which the file has no room for");
        return Encoding.UTF8.GetString(reader.ReadBytes((int)length));
    }

    private static uint IdOf(Type type) => Array.Find(Types, t => t.Type == type).Id;

    private static (Type Type, int LeastBytes) TypeOf(uint id)
    {
        (_, Type? type, int leastBytes) = Array.Find(Types, t => t.Type is not null && t.Id == id);
        return type is null ? throw new FormatException($"a value is of the type {id}, which is not known") : (type, leastBytes);
    }

    private static void WriteBare(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case byte number:
                writer.Write(number);
                break;
            case sbyte number:
                writer.Write(number);
                break;
            case ushort number:
                writer.Write(number);
                break;
            case short number:
                writer.Write(number);
                break;
            case uint number:
                writer.Write(number);
                break;
            case int number:
                writer.Write(number);
                break;
            case float number:
                writer.Write(number);
                break;
            case bool flag:
                writer.Write(flag);
                break;
            case string text:
                WriteText(writer, text);
                break;
            case ulong number:
                writer.Write(number);
                break;
            case long number:
                writer.Write(number);
                break;
            default:
                writer.Write((double)value);
                break;
        }
    }

    private static object ReadBare(BinaryReader reader, Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => reader.ReadByte(),
        TypeCode.SByte => reader.ReadSByte(),
        TypeCode.UInt16 => reader.ReadUInt16(),
        TypeCode.Int16 => reader.ReadInt16(),
        TypeCode.UInt32 => reader.ReadUInt32(),
        TypeCode.Int32 => reader.ReadInt32(),
        TypeCode.Single => reader.ReadSingle(),
        TypeCode.Boolean => reader.ReadBoolean(),
        TypeCode.String => ReadText(reader),
        TypeCode.UInt64 => reader.ReadUInt64(),
        TypeCode.Int64 => reader.ReadInt64(),
        _ => reader.ReadDouble(),
    };
}
