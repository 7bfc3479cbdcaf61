"""Lists from a sheet: columns guessed, faults by cell, persons twice. No database."""

from decimal import Decimal

from tests.intake.window.workers import ID_A, ID_B, workers
from yuantou.intake.window.pasting import MOST_ROWS, judge, read_text


def test_columns_are_guessed_from_the_cells() -> None:
    pasted = judge(read_text(f"1\t张三\t{ID_A}\t13900000001\t5600\n2\t李四\t{ID_B}\t13900000002\t"))
    assert pasted.columns == ["", "name", "id", "phone", "amount"]
    assert (len(pasted.kept), pasted.total, pasted.faults) == (2, Decimal(5600), 0)


def test_columns_are_guessed_from_the_header() -> None:
    pasted = judge(
        read_text("序号\t欠薪金额(元)\t工人姓名\t联系电话\n1\t¥5,600.50\t张 三\t13900000001")
    )
    assert pasted.columns == ["", "amount", "name", "phone"]
    assert pasted.lines[0].told["name"] == "张三"
    assert pasted.total == Decimal("5600.50")


def test_the_writer_says_otherwise() -> None:
    pasted = judge(read_text("张三\t800\n李四\t900"), ["name", ""])
    assert (pasted.columns, pasted.total) == (["name", ""], Decimal(0))


def test_every_fault_is_known_by_its_cell() -> None:
    rows = f"\t{ID_A}\t13900000001\t100\n李四\t{ID_B[:-1]}9\t139\tabc\n王五\t2.11382E+17\t\t5"
    pasted = judge(read_text(rows), ["name", "id", "phone", "amount"])
    assert [line.faults for line in pasted.lines] == [
        {0: "nameless"},
        {1: "id", 2: "phone", 3: "amount"},
        {1: "scientific"},
    ]
    assert pasted.blocking(lenient=True)


def test_wrong_numbers_can_be_left_out_but_no_name() -> None:
    pasted = judge(read_text("李四\t211382198001010013\n王五\t"), ["name", "id"])
    assert pasted.blocking(lenient=False)
    assert not pasted.blocking(lenient=True)


def test_who_stands_twice_is_taken_once() -> None:
    rows = [f"张三\t{ID_A}\t1000", f"张三\t{ID_A}\t1000", f"张三\t{ID_A}\t2000", f"张三\t{ID_B}\t1"]
    pasted = judge(read_text("\n".join(rows)), ["name", "id", "amount"])
    assert [line.twin for line in pasted.lines] == [None, 1, 1, None]
    assert pasted.lines[3].namesake == 1
    assert pasted.total == 1000 + 2000 + 1  # the same line again is not owed again


def test_one_number_with_two_names_is_a_fault() -> None:
    pasted = judge(read_text(f"张三\t{ID_A}\n李四\t{ID_A}"), ["name", "id"])
    assert pasted.lines[1].faults == {1: "other_name"}


def test_name_with_phone_tells_who_stands_twice() -> None:
    pasted = judge(read_text("张三,13900000001\n张三,13900000001\n张三,13900000002"))
    assert pasted.columns == ["name", "phone"]
    assert [line.twin for line in pasted.lines] == [None, 1, None]


def test_an_organisation_is_known_by_its_name() -> None:
    pasted = judge(read_text("凌源某建筑有限公司\n张三"), ["name"])
    assert [line.kind for line in pasted.lines] == ["organisation", "person"]


def test_too_long_a_list_is_refused() -> None:
    pasted = judge(read_text(workers(MOST_ROWS + 1)))
    assert pasted.too_many
    assert pasted.blocking(lenient=True)


def test_what_the_forms_ask_of_a_person_is_known_by_title_or_cell() -> None:
    titled = judge(read_text("民族\t工种\t性别\t姓名\n汉族\t瓦工\t男\t张三"))
    assert titled.columns == ["ethnicity", "occupation", "gender", "name"]
    bare = judge(read_text("汉族\t张三\t男\n满族\t李四\t女"))
    assert bare.columns == ["ethnicity", "name", "gender"]


def test_a_sex_that_is_none_is_a_fault_that_can_be_left_out() -> None:
    pasted = judge(read_text("张三\t不详"), ["name", "gender"])
    assert pasted.lines[0].faults == {1: "gender"}
    assert not pasted.blocking(lenient=True)


def test_titles_above_the_header_and_the_sum_below_are_no_people() -> None:
    sheet = (
        "凌源某建筑有限公司欠薪工人名单\n单位:项目部\t\t\t2026年11月\n序号\t姓名\t联系电话\t工资(元)\n"
        "1\t张 三\t13900000001\t5600元\n2\t李四\t13900000002\t0.56万元\n合 计\t\t\t11200"
    )
    pasted = judge(read_text(sheet))
    assert pasted.columns == ["", "name", "phone", "amount"]
    assert [(line.number, line.told["name"]) for line in pasted.lines] == [(4, "张三"), (5, "李四")]
    assert (pasted.total, pasted.faults, pasted.sums) == (Decimal(11200), 0, [6])


def test_a_short_title_is_not_taken_for_the_header() -> None:
    pasted = judge(read_text("欠薪工人名单\n姓名\t金额\n张三\t800"))
    assert (pasted.columns, len(pasted.kept)) == (["name", "amount"], 1)


def test_names_as_they_are_typed_in_a_message() -> None:
    for words in ("张三、李四、王五", "1、张三\n2、李四\n3. 王五", "张三\n李四\n王五"):
        names = [line.told["name"] for line in judge(read_text(words)).lines]
        assert names == ["张三", "李四", "王五"], words
