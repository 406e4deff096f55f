// Makes the replica set, and for each service a user who sees that service's database alone.
// Run by mongosh as a container of its own; what is there already stays, and may be asked for again.
const fs = require("fs");

const secret = (name) => fs.readFileSync(`/run/secrets/${name}`, "utf8").trim();
const NOT_YET_INITIALIZED = 94;

const admin = db.getSiblingDB("admin");
admin.auth("root", secret("mongo-root-password"));

try {
  rs.status();
} catch (error) {
  if (error.code !== NOT_YET_INITIALIZED) throw error;
  rs.initiate({ _id: "zone", members: [{ _id: 0, host: "mongo:27017" }] });
}
while (!db.hello().isWritablePrimary) sleep(200);

for (const service of ["registry", "incubator", "metrics", "gateway"]) {
  const { username, password } = new URL(secret(`${service}-mongo-url`));
  const db = `zone_${service}`; // dbAdmin: a service sets the validators of its own collections
  const user = { pwd: password, roles: [{ role: "readWrite", db }, { role: "dbAdmin", db }] };
  if (admin.getUser(username)) {
    admin.updateUser(username, user);
  } else {
    admin.createUser({ user: username, ...user });
  }
}
print("the replica set and its users are there");
