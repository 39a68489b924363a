/** Equal Earth (Savric, Patterson, Jenny 2018), as desk/world/build.py projects the outlines. Pure. */

const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796];
const HALF = Math.sqrt(3) / 2;

function equalEarth(longitude, latitude) {
  const angle = Math.asin(HALF * Math.sin((latitude * Math.PI) / 180));
  const square = angle * angle;
  const sixth = square ** 3;
  const slope = A1 + 3 * A2 * square + sixth * (7 * A3 + 9 * A4 * square);
  const x = (((longitude * Math.PI) / 180) * Math.cos(angle)) / (HALF * slope);
  return [x, angle * (A1 + A2 * square + sixth * (A3 + A4 * square))];
}

/** Units right of and below the corner of the map `world`. @param {{width: number, north: number}} world */
export function project(world, longitude, latitude) {
  const [x, y] = equalEarth(longitude, latitude);
  const [edge] = equalEarth(180, 0);
  const [, top] = equalEarth(0, world.north);
  const scale = world.width / (2 * edge);
  return [(x + edge) * scale, (top - y) * scale];
}
