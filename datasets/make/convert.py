"""Writes the CSV files of this folder from the data files that scikit-learn carries.

    pip install scikit-learn==1.9.1 && python make/convert.py
"""
import csv
import os

from sklearn.datasets import load_diabetes, load_digits, load_iris

FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def short(x):
    """The shortest decimal: 59.0 → 59, 4.8598 → 4.8598."""
    return repr(int(x)) if float(x).is_integer() else repr(float(x))


def write(name, header, rows):
    with open(os.path.join(FOLDER, name), "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


diabetes = load_diabetes(scaled=False)
write(
    "diabetes.csv",
    [*diabetes.feature_names, "target"],
    [[short(x) for x in row] + [short(y)] for row, y in zip(diabetes.data, diabetes.target)],
)

iris = load_iris()
write(
    "iris.csv",
    ["sepal length", "sepal width", "petal length", "petal width", "species"],
    [[short(x) for x in row] + [iris.target_names[y]] for row, y in zip(iris.data, iris.target)],
)

digits = load_digits()
write(
    "digits.csv",
    [f"p{row}{column}" for row in range(8) for column in range(8)] + ["digit"],
    [[short(x) for x in row] + [short(y)] for row, y in zip(digits.data, digits.target)],
)
