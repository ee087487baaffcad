// Check words (核对词): six plain words told from a document's hash. Both signers compare them by eye or by
// telephone, so that a swapped document shows itself. 48 bits: no help to whoever may try without end,
// enough against whoever must show two signers two papers at once. The lists never change.
const characters = [...`
松晨舟石云七山水火土木金日月星风雨雪雷电花草树叶根果竹梅兰菊荷桃李杏枣瓜豆米麦稻茶盐糖
油酒饭面饼蛋鱼虾鸟鸡鸭鹅牛羊马猪狗猫兔虎龙蛇鼠猴鹿象熊狼燕雁鹤鸽蜂蝶蝉蛙龟贝江河湖海溪
泉井池桥路街巷城村田园林峰岭谷沙洲岛港船车轮帆桨伞灯烛钟鼓琴笛棋书笔墨纸砚画诗门窗墙瓦
砖梁柱楼塔亭台阶床桌椅柜箱篮筐碗盘杯壶瓶锅勺刀斧锯针线布丝棉麻衣帽鞋袜巾带扇镜梳红黄蓝
绿白黑紫青东西南北春夏秋冬上下左右前后大小长短高低方圆一二三四五六八九十百千万手足耳目
口心头发眉牙肩背父母兄弟姐友师工农医天地阳光空气早晚铁铜银玉珠宝羽爪骨苗芽蔬葱蒜姜
`.replace(/\s/g, '')];

const words = `
acorn amber anchor apple april arch arrow ash aspen autumn badge baker bamboo banner barley basin
basket bath beach beacon bean bear beaver bell bench berry birch bird blue boat bold bone book
boot bottle bowl branch brass bread brick bridge broom brush bucket butter button cabin cake camel
camp canal candle canoe canyon captain carpet carrot castle cedar cello chalk cherry chess circle
city clay clean cliff clock cloth cloud clover coal coat coffee coin comet copper coral corn
cotton cradle crane creek crown cup curtain dance dawn deer desk dew dinner dove dragon drum duck
eagle earth east echo eight elm ember engine evening falcon farm feather fern field finger fire
fish five flag flame flour flower flute forest forge four fox frame frost fruit garden harp hat
hawk hazel heart helmet heron hill honey horn horse house ice ink iron island ivory ivy jacket
jade juice june kettle key kite ladder lake lamp lantern leaf lemon letter light lily lime linen
lion lotus maple marble market meadow melon mill mint mirror moon moss mountain mouse needle nest
night nine north oak oat ocean olive onion orange orchid otter oven owl paint palm paper peach
pearl pencil pepper piano pine plum pond poplar potato quilt rabbit rain raven ribbon rice river
road robin rope rose sail salt sand seed seven shell ship silk silver six snow south spoon spring
star stone summer sun table tea ten thunder tiger train tree tulip village violin walnut water
west wheat willow wind winter wolf wood wool zebra
`.trim().split(/\s+/);

/** "松 · 晨 · 舟 · 石 · 云 · 七": one word for each of the first six bytes of the hash. */
export function fingerprint(document_hash: string): { zh: string; en: string } {
  const bytes = [...Buffer.from(document_hash.slice(0, 12), 'hex')];
  return {
    zh: bytes.map((byte) => characters[byte]!).join(' · '),
    en: bytes.map((byte) => words[byte]!).join(' · '),
  };
}
