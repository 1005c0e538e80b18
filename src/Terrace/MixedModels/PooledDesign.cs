using Terrace.Design;
using Terrace.Numerics.LinearAlgebra;

namespace Terrace.MixedModels;

/// <summary>The designs of complete and no pooling for a model with one grouping factor: which columns vary within groups, and where the groups are compared. Gelman and Hill (2007), section 12.2.</summary>
internal sealed class PooledDesign
{
    private readonly ModelRows _rows;
    private readonly RandomTermDesign _term;
    private readonly double[,] _groupValues;

    public PooledDesign(ModelRows rows)
    {
        _rows = rows;
        _term = rows.Design.RandomTerms[0];
        int columns = rows.Design.X.Columns;
        IsGroupLevel = new bool[columns];
        _groupValues = new double[_term.Levels.Count, columns];
        for (int j = 1; j < columns; j++) IsGroupLevel[j] = IsConstantWithin(j);
    }

    /// <summary>Each cell's group.</summary>
    public int[] Codes => _term.Codes;

    /// <summary>Whether a column is constant within every group.</summary>
    public bool[] IsGroupLevel { get; }

    /// <summary>The mean of every column over the rows.</summary>
    public double[] Reference()
    {
        Matrix x = _rows.Design.X;
        var means = new double[x.Columns];
        for (int j = 0; j < x.Columns; j++)
        {
            foreach (int cell in _rows.RowToCell) means[j] += x[cell, j] / _rows.Rows;
        }
        return means;
    }

    /// <summary>The reference with the group's own values of the group-level columns.</summary>
    public double[] ReferenceOf(int group, double[] reference) => [.. reference.Select((value, j) => IsGroupLevel[j] ? _groupValues[group, j] : value)];

    /// <summary>One row at the reference for the model without groups.</summary>
    public DesignMatrices ReferenceRow(double[] reference) => _rows.Design with { X = new Matrix(1, reference.Length, [.. reference]), RandomTerms = [], Offset = [0] };

    /// <summary>A column for each group, then the columns that vary within groups.</summary>
    public DesignMatrices WithGroupColumns()
    {
        DesignMatrices design = _rows.Design;
        int levels = _term.Levels.Count;
        int[] within = Within();
        var x = new Matrix(design.Rows, levels + within.Length);
        for (int c = 0; c < design.Rows; c++)
        {
            x[c, _term.Codes[c]] = 1;
            for (int k = 0; k < within.Length; k++) x[c, levels + k] = design.X[c, within[k]];
        }
        return Columns(design, x, within);
    }

    /// <summary>One row for each group at the reference, in the columns of <see cref="WithGroupColumns"/>.</summary>
    public DesignMatrices GroupRows(double[] reference)
    {
        int levels = _term.Levels.Count;
        int[] within = Within();
        var x = new Matrix(levels, levels + within.Length);
        for (int g = 0; g < levels; g++)
        {
            x[g, g] = 1;
            for (int k = 0; k < within.Length; k++) x[g, levels + k] = reference[within[k]];
        }
        return Columns(_rows.Design, x, within) with { Offset = new double[levels] };
    }

    private DesignMatrices Columns(DesignMatrices design, Matrix x, int[] within) => design with
    {
        X = x,
        ColumnNames = [.. _term.Levels.Select(level => _term.Group + level), .. within.Select(j => design.ColumnNames[j])],
        Assign = [.. Enumerable.Repeat(1, _term.Levels.Count), .. within.Select((_, k) => k + 2)],
        RandomTerms = [],
    };

    private int[] Within() => [.. Enumerable.Range(1, IsGroupLevel.Length - 1).Where(j => !IsGroupLevel[j])];

    private bool IsConstantWithin(int column)
    {
        var seen = new bool[_term.Levels.Count];
        for (int c = 0; c < _term.Codes.Length; c++)
        {
            int group = _term.Codes[c];
            double value = _rows.Design.X[c, column];
            if (seen[group] && value != _groupValues[group, column]) return false;
            (seen[group], _groupValues[group, column]) = (true, value);
        }
        return true;
    }
}
