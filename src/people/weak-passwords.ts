// Passwords that thousands of people use, in China and elsewhere: whoever guesses, begins with
// these. A password made of nothing else is refused. Compared without capitals, blanks and
// punctuation.
const listed = `
000000 00000000 0000000000 111111 11111111 1111111111 111222 112233 11223344 1122334455 121212
12121212 123123 123123123 12312312 123321 123456 1234567 12345678 123456789 1234567890 12345678910
0123456789 987654321 9876543210 87654321 7654321 654321 54321 12345 1234 4321 1230 2580 1010 1212
1313 2000 2008 2020 131313 131415 13145200 1314520 1314521 13141314 1314 520 521 5201314 52013140
520520 521521 520521 5211314 5201314520 5845201314 7758521 7758258 77585210 147258 147258369
1472583690 258369 159357 159753 147852 147852369 789456 789456123 741852 741852963 963852741
852456 456123 456789 102030 10203040 101010 110110 119119 110119 112211 123654 123654789 135790
13579 1357924680 246810 24681012 31415926 314159 222222 333333 444444 555555 666666 777777 888888
999999 22222222 33333333 44444444 55555555 66666666 77777777 88888888 99999999 666888 888666
168168 16888 168888 518518 666999 888999 998877 99887766 778899 667788 556677 445566 202020 200000
20082008 20202020 2021 2022 2023 2024 2025 2026 2027 2028 19491001 20080808 1949 1990 1991 1992
1993 1994 1995 1996 1997 1998 1999 2001 2002 2003 2004 2005 2006 2007 1980 1985 1988 1989 12301230
a123456 a1234567 a12345678 a123456789 a123123 aa123456 aaa123 aaa111 aaaaaa aaaaaaaa abc abc123
abc1234 abc12345 abc123456 abcd abcd123 abcd1234 abcd12345 abcde abcdef abcdefg abcdefgh
abcdefghijklmnopqrstuvwxyz asd asd123 asd123456 asdasd asdf asdf1234 asdfgh asdfghjk asdfghjkl
asdfjkl qwe qwe123 qwe123456 qweasd qweasdzxc qwer qwer1234 qwert qwert123 qwerty qwerty1
qwerty123 qwerty123456 qwertyu qwertyui qwertyuiop qweqwe qazwsx qazwsxedc qazwsxedcrfv qaz qaz123
qazqaz qaz123456 wsx edc zxc zxc123 zxcvbn zxcvbnm zxcvbnm123 zxczxc zaq12wsx 1q2w3e 1q2w3e4r
1q2w3e4r5t 1q2w3e4r5t6y 1qaz 2wsx 3edc 4rfv 5tgb 6yhn 7ujm 8ik 1qaz2wsx3edc4rfv
1qaz2wsx3edc4rfv5tgb 1qaz2wsx 1qaz2wsx3edc q1w2e3 q1w2e3r4 q1w2e3r4t5 poiuytrewq lkjhgfdsa mnbvcxz
1a2b3c 1a2b3c4d a1b2c3 a1b2c3d4 aabbcc q123456 w123456 z123456 s123456 l123456 zz123456 qq123456
qq123123 qqqqqq wwwwww zzzzzz xxxxxx ssssss dddddd p passw0rd p@ssw0rd p@ssword password password1
password12 password123 passwort pass pass123 pass1234 pa55word passwd mima mima123 mima123456
wodemima mimamima woshimima admin admin1 admin123 admin1234 admin123456 admin888 administrator
adminadmin root root123 toor guest user user123 test test1 test123 test1234 testtest demo demo123
temp temp123 changeme change default letmein welcome welcome1 welcome123 login login123 master
access secret shadow hello hello123 hellohello iloveyou iloveyou1 ilovechina ilove loveyou love
love123 lovelove loveme princess sunshine monkey dragon football baseball basketball superman
batman pokemon starwars michael jordan jordan23 kobe24 kobe messi ronaldo computer internet
samsung huawei xiaomi apple google taobao alipay weixin wechat tencent qqcom baidu douyin jingdong
freedom whatever trustno1 killer hunter charlie thomas jessica ashley nicole daniel summer winter
spring autumn flower cookie chocolate banana orange cheese pepper ginger tigger mustang harley
ranger soccer hockey matrix ninja azerty solo zaq1zaq1 nopassword nothing china china123 zhongguo
zhonghua beijing shanghai chengdu sichuan chongqing guangzhou shenzhen hangzhou nanjing wuhan xian
tianjin jianyang wuhou qingyang wenjiang woaini woaini1 woaini123 woaini520 woaini521 woaini1314
woaini5201314 woaini1314520 woaini1314521 woaiwojia woaizhongguo woaimama woaibaba woaiwo
woaiwoziji aini aini1314 aini520 aini5201314 wobuaini womenaini wodeai woshishui woshiwo wojiao
wojia laopo laopowoaini laogong laogongwoaini laopolaogong baobao baobei baobei520 baobeiwoaini
qinaide qinqin mama mamababa baba babamama yeye nainai erzi nver gege jiejie didi meimei jiating
pingan pingpingan pinganfu pinganshi yishengpingan jiankang kuaile xingfu facai facai888
gongxifacai fugui zhaocai zhaocaijinbao dafacai shunli wanshiruyi xinniankuaile shengrikuaile
nihao nihao123 nihaoma nihaonihao zaijian xiexie xiexieni wangwei zhangwei liwei wangfang lina
zhangmin lijing wangjing liuwei zhangli wangli zhangjing wangxiu xiaoming xiaoxiao xiaohong xiaoli
xiaowang xiaozhang xiaoli123 wang wang123 wangwang zhang zhang123 li123456 liu123456 chen chen123
yang yang123 zhao zhao123 huang huang123 zhou zhou123 wu123456 xu123456 sun123456 lin123456
tiantian tiantianxiangshang haohaoxuexi haohao beautiful feifei lele lala haha hehe hahaha heihei
xixi gaga dandan fangfang jingjing lili meimei123 nana pangpang qianqian shasha tingting xinxin
yangyang yingying yuanyuan longlong longlong123 feng leilei weiwei weiwei123 huahua niuniu doudou
duoduo maomao gougou xiaogou xiaomao zhuzhu zhutou wuye wuye123 wuye123456 yeweihui yewei yezhu
yezhu123 xiaoqu xiaoqu123 shequ shequ123 jiedao kuaiji kuaiji123 chuna chuna123 caiwu caiwu123
jingli zhuren property cashier manager committee resident auditor supervisor street imissyou
forever forever520 always happy happy123 lucky lucky123 lucky888 money rich king queen prince god
jesus angel angel520 baby baby520 babygirl sexy fuck fuckyou asshole 5t6y7u8i 6yhn7ujm 7ujm8ik
8ik9ol 0okm9ijn 我爱你 我爱你一生一世 我爱中国 我爱我家 我的密码 密码 密码是密码 中国 中华人民共和国 你好 新年快乐 恭喜发财 生日快乐 一生平安 平平安安 身体健康
万事如意 老婆我爱你 老公我爱你 宝贝 宝贝我爱你 爸爸妈妈 家和万事兴 天天向上 好好学习天天向上 一二三四五 一二三四五六七八九十 零一二三四五六七八九 业委会 物业 小区 业主 出纳 会计
管理员 床前明月光 疑是地上霜 举头望明月 低头思故乡 床前明月光疑是地上霜
`;

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]+/gu, '');
const weak = new Set(
  listed
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(plain),
);
const longest = Math.max(...[...weak].map((word) => word.length));

/** Whether `text` is made of common words alone: of three at most, or of two again and again. */
function madeOf(text: string, words: ReadonlySet<string>, reach: number): boolean {
  // For every place, the shortest ways to come there: each the words used so far.
  const ways: string[][][] = [[[]]];
  for (let end = 1; end <= text.length; end += 1) {
    const here: string[][] = [];
    for (let start = Math.max(0, end - reach); start < end; start += 1) {
      const word = text.slice(start, end);
      if (!words.has(word)) continue;
      for (const way of ways[start] ?? []) {
        const longer = [...way, word];
        if (longer.length <= 3 || new Set(longer).size <= 2) here.push(longer);
      }
    }
    ways.push(here.slice(0, 50));
  }
  return (ways[text.length] ?? []).length > 0;
}

const isRun = (text: string): boolean => {
  const steps = [...text]
    .map((character, index, all) =>
      index === 0 ? 0 : character.codePointAt(0)! - all[index - 1]!.codePointAt(0)!,
    )
    .slice(1);
  // 90 → 01 of "…8901…" goes round.
  return (
    steps.every((step) => step === 1 || step === -9) ||
    steps.every((step) => step === -1 || step === 9)
  );
};

/** Whether a password is among the first ones anybody would try. `own`: the person's login and
 *  names. */
export function isWeakPassword(password: string, own: readonly string[] = []): boolean {
  const text = plain(password);
  if (new Set(text).size < 4 || isRun(text)) return true;
  const mine = own.map(plain).filter((word) => word.length >= 2);
  const words = mine.length === 0 ? weak : new Set([...weak, ...mine]);
  const short = text.slice(0, 256);
  const digitless = short.replace(/\d+$/, '');
  return (
    madeOf(short, words, Math.max(longest, ...mine.map((word) => word.length))) ||
    // A common word with any number behind it, up to eight digits: woaini19900101.
    (digitless !== short && short.length - digitless.length <= 8 && words.has(digitless))
  );
}
