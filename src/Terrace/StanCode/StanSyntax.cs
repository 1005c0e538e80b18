namespace Terrace.StanCode;

/// <summary>The syntax in which array declarations are written.</summary>
public enum StanSyntax
{
    /// <summary>That of Stan 2.26 and later: <c>array[N] int y</c>.</summary>
    Modern,

    /// <summary>That which Stan to 2.32 reads, and rstan 2.21 alone: <c>int y[N]</c>.</summary>
    Old,
}
