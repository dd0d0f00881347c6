namespace CodeTuner.Tuning.Datasets;

/// <summary>Packs samples into rows: each into the fullest of the open rows that it fits.</summary>
public static class Packer
{
    private const int OpenRows = 32;

    /// <summary>The rows, in the order in which they were opened; samples that are longer than a row are cut at its end.</summary>
    public static List<PackedRow> Pack(IEnumerable<TrainingSample> samples, int length, int pad)
    {
        List<Row> rows = [], open = [];
        foreach (TrainingSample sample in samples)
        {
            int size = Math.Min(sample.Ids.Length, length);
            if (sample.FirstCounted >= size || size < 2)
                continue; // nothing in it would count
            Row? row = open.Where(r => r.Used + size <= length).MaxBy(r => r.Used);
            if (row is null)
            {
                row = new Row(length, pad);
                rows.Add(row);
                open.Add(row);
                if (open.Count > OpenRows)
                    open.Remove(open.MaxBy(r => r.Used)!);
            }

            row.Add(sample, size);
        }

        return [.. rows.Select(r => r.Packed)];
    }

    private sealed class Row
    {
        public Row(int length, int pad)
        {
            Packed = new PackedRow(new int[length], new int[length], new int[length]);
            Array.Fill(Packed.Ids, pad);
            Array.Fill(Packed.Labels, PackedRow.IgnoreIndex);
        }

        public PackedRow Packed { get; }

        public int Used { get; private set; }

        public void Add(TrainingSample sample, int size)
        {
            for (int i = 0; i < size; i++)
            {
                Packed.Ids[Used + i] = sample.Ids[i];
                Packed.FirstKeys[Used + i] = Used;
                if (i + 1 < size && i + 1 >= sample.FirstCounted)
                    Packed.Labels[Used + i] = sample.Ids[i + 1];
            }

            Used += size;

            // Padding looks at itself alone.
            for (int i = Used; i < Packed.Ids.Length; i++)
                Packed.FirstKeys[i] = Used;
        }
    }
}
