"""The names in the workbook by which it is read back: sheets, columns, what a decision may say."""

SUMMARY, QUESTIONS = "汇总", "疑问"
CAUSE, LHS, RHS = "编号", "左值", "右值"
ASKED_ON, LETTER = "去函日期", "去函文号"
ANSWERED_ON, ANSWER = "答复日期", "答复内容"
DECISION, REASON, EVIDENCE, UNTIL = "决定", "理由", "依据", "确认至"
CORRECTIONS = "更正单元格"
DAYS = (ASKED_ON, ANSWERED_ON, UNTIL)
ACKNOWLEDGE, CORRECT = DECISIONS = ("确认", "更正")
