using System.Runtime.InteropServices;
using CodeTuner.Models.Checkpoints;

namespace CodeTuner.Tuning.Datasets;

/// <summary>
/// The rows of a run on disk, so that a resumed run learns the very same: magic, version, row length, row count, and for each row
/// its ids, labels and first keys, all int32 little-endian.
/// </summary>
public static class RowFile
{
    private const int Magic = 0x43545257; // "CTRW"
    private const int Version = 1;

    /// <summary>Writes the rows, whole or not at all.</summary>
    public static void Save(string path, IReadOnlyList<PackedRow> rows)
    {
        int length = rows.Count == 0 ? 0 : rows[0].Ids.Length;
        AtomicFile.Write(path, stream =>
        {
            stream.Write(MemoryMarshal.AsBytes<int>([Magic, Version, length, rows.Count]));
            foreach (PackedRow row in rows)
            {
                stream.Write(MemoryMarshal.AsBytes<int>(row.Ids));
                stream.Write(MemoryMarshal.AsBytes<int>(row.Labels));
                stream.Write(MemoryMarshal.AsBytes<int>(row.FirstKeys));
            }
        });
    }

    /// <summary>Reads the rows.</summary>
    /// <exception cref="TuningException">The file is missing or damaged.</exception>
    public static List<PackedRow> Load(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            int[] Read(int count)
            {
                int[] values = new int[count];
                stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
                return values;
            }

            int[] head = Read(4);
            if (head[0] != Magic || head[1] != Version || stream.Length != 16 + (12L * head[2] * head[3]))
                throw new TuningException($"{path} is damaged or of another version. Start a new tune.");
            List<PackedRow> rows = new(head[3]);
            for (int i = 0; i < head[3]; i++)
                rows.Add(new PackedRow(Read(head[2]), Read(head[2]), Read(head[2])));
            return rows;
        }
        catch (IOException e)
        {
            throw new TuningException($"{path} cannot be read ({e.Message.TrimEnd('.')}). Start a new tune.", e);
        }
    }
}
