// What is in the folder of the accounting-data interface and what is not, in plain words, for whoever loads it.
export const interfaceReadme = `会计核算软件数据接口
====================

本文件夹按 GB/T 24589.1-2010《财经信息技术 会计核算软件数据接口 第1部分：企业》公开可见的数据项名称编写，每个会计年度一个文件夹：

  公共档案.xml   电子账簿、会计期间、记账凭证类型、币种、供应商档案（收款方）、自定义档案项与自定义档案项值（资金）
  总账.xml       总账基础信息、会计科目、科目辅助核算、科目余额及发生额、记账凭证

对应关系
  资金（每条分录必有）  → 辅助项1，档案编码 ZJ
  收款方               → 辅助项2，供应商档案
  红字冲销             → 同方向负数金额；凭证来源系统里是存证记录的序号
  制单人、记账人       → 匿名编号；审核人是签名各方的机构和职务，不是姓名
  科目余额及发生额     → 按科目和资金分行；一个科目的合计是它各行之和，没有另外的合计行；余额方向写 借、贷 或 平

没有包括的，和原因
  1. GB/T 24589.1-2024（2025年7月1日起实施）的正文不公开，我们没有见到，所以没有按它编写，也没有 JSON 格式。
  2. 标准给每个数据项规定了标识符（locID）和 XML 大纲（Schema）。我们没有可以核对的正文，宁可不写，也不猜。本文件夹因此没有
     经过标准大纲的校验；接收软件如果要求标识符，请用 journal/journal.csv 或 journal/journal.xlsx。
  3. 现金流量项目、现金流量凭证项目数据、报表集、报表项数据：本账簿没有现金流量编码；报表见 disclosures 文件夹里的收支公示。
  4. 部门档案、员工档案、客户档案：本账簿不记录员工和业主的身份；房屋以匿名编号出现在 journal/journal.csv。
  5. 应收应付、固定资产、职工薪酬各文件：本账簿没有这些模块。
  6. 数量、单价、外币：本账簿只有人民币金额，这些数据项省略或为空。辅助项3至30省略。
  7. 组织机构代码、行业：本账簿没有登记，留空。
  8. 有研究者认为，“国家统一标准的数据接口”现在指电子凭证会计数据标准等，而不是 GB/T 24589；本软件不生成电子凭证会计数据文件。


Accounting-data interface
=========================

These files follow the publicly visible names of data elements of GB/T 24589.1-2010 (Financial information technology, data
interface of accounting software, part 1: enterprises), one folder a year: 公共档案.xml (book, periods, kinds of voucher,
currency, payees as suppliers, funds as a self-defined archive) and 总账.xml (chart of accounts, auxiliary items, balances
and turnover, vouchers).

The fund of a line is 辅助项1, the payee 辅助项2. Red-letter entries are negative amounts on the same side. Balances stand by
account and fund; an account's total is the sum of its rows. 借 is debit, 贷 credit, 平 none. Makers are opaque ids; whoever
approved is named by body and office.

Not covered, and why
  1. The text of the 2024 edition (in force since 2025-07-01) is not public; nothing here follows it, and there is no JSON.
  2. The identifiers (locID) and the XML schema of the standard could not be checked against its text, so they are left
     out rather than guessed, and the files have not been validated against the schema. Software that insists on
     them can take journal/journal.csv or journal/journal.xlsx.
  3. Cash-flow items and reports: there are no cash-flow codes in these books; the reports are the disclosures.
  4. Departments, staff, customers: the books hold no identity of staff or owners.
  5. Receivables and payables, fixed assets, payroll: there are no such modules.
  6. Quantities, prices, foreign currency are left out or empty; so are 辅助项3 to 30.
  7. Code of the organisation and trade are not known here and stay empty.
  8. Some hold that the "nationally unified interface" now means the data standard of electronic vouchers instead; no files
     of that standard are made here.
`;
