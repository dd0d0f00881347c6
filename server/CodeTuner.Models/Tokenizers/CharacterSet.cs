using System.Globalization;
using System.Runtime.CompilerServices;

namespace CodeTuner.Models.Tokenizers;

/// <summary>A set of Unicode scalars, made of ranges, general categories and White_Space.</summary>
internal sealed class CharacterSet
{
    private const uint AllCategories = (1u << 30) - 1;

    private readonly List<(int First, int Last)> ranges = [];
    private uint categories;
    private bool whiteSpace;
    private bool notWhiteSpace;
    private bool negated;

    // Membership of the ASCII characters, the ones that matter for speed.
    private ulong low;
    private ulong high;

    /// <summary>Whether the set holds <paramref name="scalar"/>. Call <see cref="Freeze"/> before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(int scalar)
    {
        if (scalar < 64)
            return (low >> scalar & 1) != 0;
        if (scalar < 128)
            return (high >> scalar - 64 & 1) != 0;
        return Holds(scalar);
    }

    /// <summary>Adds the scalars from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public void AddRange(int first, int last) => ranges.Add((first, last));

    /// <summary>Adds White_Space, or all else.</summary>
    public void AddWhiteSpace(bool complement)
    {
        if (complement)
            notWhiteSpace = true;
        else
            whiteSpace = true;
    }

    /// <summary>Adds a general category by its short name (L, Lu, N, P, …), or all scalars outside it.</summary>
    /// <returns>False where the name is not of a general category.</returns>
    public bool AddCategory(string name, bool complement)
    {
        uint mask = CategoryMask(name);
        if (mask == 0)
            return false;
        categories |= complement ? AllCategories & ~mask : mask;
        return true;
    }

    /// <summary>Turns the set into its complement.</summary>
    public void Negate() => negated = true;

    /// <summary>Ends the making of the set.</summary>
    public void Freeze()
    {
        for (int i = 0; i < 64; i++)
        {
            if (Holds(i))
                low |= 1ul << i;
            if (Holds(i + 64))
                high |= 1ul << i;
        }
    }

    /// <summary>Unicode's White_Space property; the same as <c>\s</c> of Oniguruma and of Rust.</summary>
    public static bool IsWhiteSpace(int scalar) => scalar is (>= 9 and <= 13) or ' ' or 0x85 or 0xA0 or 0x1680
        or (>= 0x2000 and <= 0x200A) or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x3000;

    private bool Holds(int scalar)
    {
        bool holds = (categories != 0 && (categories >> (int)CharUnicodeInfo.GetUnicodeCategory(scalar) & 1) != 0)
            || (whiteSpace && IsWhiteSpace(scalar))
            || (notWhiteSpace && !IsWhiteSpace(scalar));
        foreach ((int first, int last) in ranges)
            holds |= first <= scalar && scalar <= last;
        return holds != negated;
    }

    private static uint CategoryMask(string name)
    {
        // In the order of System.Globalization.UnicodeCategory.
        string[] names =
        [
            "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc",
            "Cf", "Cs", "Co", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Cn",
        ];
        uint mask = 0;
        for (int i = 0; i < names.Length; i++)
        {
            if (names[i] == name || (name.Length == 1 && names[i][0] == name[0]))
                mask |= 1u << i;
        }

        return mask;
    }
}
