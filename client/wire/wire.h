/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wire.h: the fixed messages between helper and worker, over a SOCK_SEQPACKET pair: the only foreign bytes that root reads.
 *
 * One message is one packet is one struct, in host byte order, of exactly its size; what is not used is zero.  Every field is
 * checked by adit_wire_check_*() before anyone looks at it, on both sides.  A lying worker can choose whose server we talk to, as
 * the service can, and a second one, which is reached through a tunnel to the first alone.  It cannot widen the lock beyond that
 * one address and port, name an API address that the helper does not
 * have in its own list, reach another interface, or learn our private key: those never depend on its words.  Asked for the exit's
 * address it may name any public address, on port 443 and through the tunnel alone; it holds no secret then.
 * Asked for a name's addresses it may name any public ones, as whoever owns that name may; what is there still has to prove
 * itself.  So it may of where a service is, beside its list: a few of them, on port 443, to which later workers are then let.
 * Of a report it may write any text, which is shown before it is sent, and say what it likes of how the sending went; of our own
 * programs, and of files for debuggers that everybody may read, it is lent those whose number it names. */
#pragma once

#include "client/base/error.h"
#include "client/model/host.h"
#include "client/model/import-lines.h"
#include "client/model/place.h"
#include "client/model/profile-facts.h"
#include "client/model/server-filter.h"
#include "client/model/service.h"
#include "client/model/settings.h"
#include "client/model/tunnel-spec.h"

G_BEGIN_DECLS

#define ADIT_WIRE_MAGIC                0x41446974u    /* "ADit" */
#define ADIT_WIRE_BUILD_ID_MAX_BYTES   64
#define ADIT_WIRE_CREDENTIAL_MAX_BYTES 128    /* the longest credential in use has 24 characters; room for a user name */
#define ADIT_WIRE_SIGN_IN_MAX_BYTES    600    /* what stands for an account: a number, a name and a password, a refresh token */
#define ADIT_WIRE_VOUCHER_MAX_BYTES    64     /* Mullvad's have 16 characters and their dashes */
#define ADIT_WIRE_CAPTCHA_MAX_BYTES    64
#define ADIT_WIRE_PICTURE_MAX_BYTES    (128 * 1024)    /* of a captcha */
#define ADIT_WIRE_MAX_DEVICES          64
#define ADIT_WIRE_TOKEN_MAX_BYTES      1024   /* bearer tokens: RFC 6750 names no length; services' own have under 200 */
#define ADIT_WIRE_DEVICE_ID_MAX_BYTES  64     /* a UUID and its end fit */
#define ADIT_WIRE_DETAIL_MAX_BYTES     256
#define ADIT_WIRE_MAX_FDS              3
#define ADIT_WIRE_MESSAGE_MAX_BYTES    8192   /* every struct below is smaller (asserted in wire.c) */
#define ADIT_WIRE_RESOLVER_PORT        53     /* RFC 1035, section 4.2 */
#define ADIT_WIRE_MAX_ALLOWED_IPS      8      /* of a service: everything, a family each */
#define ADIT_WIRE_MAX_LOOKED_UP        4      /* of both families together; a host with more means any of them */
#define ADIT_WIRE_DEVICE_NAME_MAX_BYTES 16    /* linux/if.h, IFNAMSIZ */
#define ADIT_WIRE_PATH_MAX_BYTES       108    /* linux/un.h, UNIX_PATH_MAX */
#define ADIT_WIRE_TEXT_MAX_BYTES  (512 * 1024)    /* a profile or a configuration: keys in it count twice at most */
#define ADIT_WIRE_PAUSE_MAX_S          3600
#define ADIT_WIRE_FAREWELL_MS          250    /* for so long the helper waits for openvpn to have said it, by way of its worker */
#define ADIT_WIRE_HANDLE_MAX_BYTES     192    /* of a question: OpenVPN's state id, which goes into a command with the answer */
#define ADIT_WIRE_TEXTS_MAX_BYTES      (8 * 1024 * 1024)    /* all that are kept of one import: 128 of 64 KiB */
#define ADIT_WIRE_REPORT_MAX_BYTES     (128 * 1024)    /* a report as text */
#define ADIT_WIRE_FACTS_MAX_BYTES      (512 * 1024)    /* what one is made of */
#define ADIT_WIRE_REPORT_ID_LENGTH     32
#define ADIT_WIRE_REPORT_KEY_LENGTH    64
#define ADIT_WIRE_BUILD_NUMBER_BYTES   20    /* SHA-1, which is what ld makes by itself: --build-id in ld(1) */
#define ADIT_WIRE_RETRY_MAX_S          (24 * 60 * 60)  /* no server puts us off for longer */
#define ADIT_WIRE_LIST_MAX_BYTES       (16 * 1024 * 1024)   /* a mapped server list; 20,000 relays need 4 MiB */

typedef enum
{
  ADIT_WIRE_NONE = 0,
  /* helper to worker */
  ADIT_WIRE_REQUEST,      /* the one thing this process is to do; first and only once */
  ADIT_WIRE_CONNECTED,    /* answer to CONNECT: a descriptor, or an error */
  /* worker to helper, before the last word */
  ADIT_WIRE_CONNECT,      /* please open a connection to this API address */
  ADIT_WIRE_TOKEN,        /* an access token, to be stored and lent again */
  ADIT_WIRE_LIST,         /* a fresh server list, in a sealed memfd; or: the one you have is still good */
  /* worker to helper, the last word */
  ADIT_WIRE_DEVICE,       /* answer to LOG_IN */
  ADIT_WIRE_ACCOUNT,      /* answer to ACCOUNT */
  ADIT_WIRE_TUNNEL,       /* answer to CHOOSE */
  ADIT_WIRE_DONE,         /* answer to LIST and LOG_OUT */
  ADIT_WIRE_FAILED,       /* answer to any */
  ADIT_WIRE_EXIT,         /* answer to EXIT */
  /* openvpn, in this order (adit_wire_may_follow()); FAILED is its last word, whenever it comes */
  ADIT_WIRE_CONFIGURATION,    /* worker to helper: what openvpn is to read, in a sealed memfd */
  ADIT_WIRE_MANAGEMENT,       /* helper to worker: a stream, on whose other end is openvpn */
  ADIT_WIRE_ASSIGNED,         /* worker to helper: what this computer is inside */
  ADIT_WIRE_RUNNING,          /* worker to helper: packets go through */
  ADIT_WIRE_PROGRESS,         /* worker to helper: how many, from time to time */
  ADIT_WIRE_QUESTION,         /* worker to helper, aside: what the server asks a person; FAILED follows */
  ADIT_WIRE_AUTH_TOKEN,       /* worker to helper, aside: what the next try of this tunnel may say in the password's place */
  ADIT_WIRE_IMPORTED,     /* answer to IMPORT, after a PROFILE for each; and to PICTURE, with its words in the place of lines */
  /* worker to helper, before the last word */
  ADIT_WIRE_PROFILE,      /* what may be told of one that was read */
  ADIT_WIRE_SERVER,       /* answer to SERVER */
  ADIT_WIRE_ADDRESSES,    /* answer to LOOK_UP */
  ADIT_WIRE_LOGIN,        /* what stands for the account from now on, and who one is at its OpenVPN servers */
  ADIT_WIRE_DEVICE_ROW,   /* of DEVICES, one each */
  ADIT_WIRE_PEERS,        /* the same answer where the profile is WireGuard's */
  ADIT_WIRE_API,          /* beside LIST: where the service says that its API can be reached besides */
  /* of reports */
  ADIT_WIRE_MODULE,       /* worker to helper: one of our own programs, please */
  ADIT_WIRE_MODULE_FILES, /* answer to MODULE: what there is of it, in one descriptor, or two with what was split off */
  ADIT_WIRE_REPORT,       /* answer to REPORT: the text, in a sealed memfd */
  ADIT_WIRE_REPORTED,     /* answer to SEND */
  ADIT_N_WIRE_OPS
} AditWireOp;

typedef enum
{
  ADIT_WIRE_WANT_NOTHING = 0,
  ADIT_WIRE_WANT_LOG_IN,     /* public_key; credential, answers */
  ADIT_WIRE_WANT_ACCOUNT,    /* credential, device_id, public_key if any, token if any */
  ADIT_WIRE_WANT_LIST,       /* list descriptor if any */
  ADIT_WIRE_WANT_CHOOSE,     /* list descriptor (fetched first where there is none), place, choice, avoid, try_number; of a
                              * service that makes its tunnels also credential, public_key, token if any */
  ADIT_WIRE_WANT_LOG_OUT,    /* credential, device_id, public_key, token if any */
  ADIT_WIRE_WANT_EXIT,       /* api[0] alone: the resolver inside the tunnel, port 53 */
  ADIT_WIRE_WANT_OPENVPN,    /* openvpn, token if any; first descriptor: the profile.  It goes on as long as the tunnel does */
  ADIT_WIRE_WANT_IMPORT,     /* of no service: a descriptor of a person's files (client/model/import-files.h), and nothing else */
  ADIT_WIRE_WANT_SERVER,     /* of no service: a descriptor of a profile, and in try_number which of its servers */
  ADIT_WIRE_WANT_LOOK_UP,    /* look_up; api: one resolver's addresses */
  ADIT_WIRE_WANT_CREATE,     /* nothing: a new account */
  ADIT_WIRE_WANT_VOUCHER,    /* credential, voucher, token if any */
  ADIT_WIRE_WANT_DEVICES,    /* credential, token if any */
  ADIT_WIRE_WANT_REMOVE_DEVICE,    /* credential, device_id of another computer, token if any */
  ADIT_WIRE_WANT_ROTATE,     /* credential, device_id, public_key, old_public_key, is_connected, token if any */
  ADIT_WIRE_WANT_REPORT,     /* of no service: report's id; descriptors: facts (client/report/report-facts.h), a crash note */
  ADIT_WIRE_WANT_SEND,       /* of no service: report, api: the server's addresses; a descriptor of a report's text */
  ADIT_WIRE_WANT_PICTURE,    /* of no service: a descriptor of a picture, in which there is a QR code */
  ADIT_N_WIRE_WANTS
} AditWireWant;

typedef struct
{
  guint32 magic, op, size_bytes;
  guint32 attempt;    /* the helper's number for this request; an answer with another number is dropped */
} AditWireHeader;

/* One try of openvpn: which of the profile's servers, at which address, and what openvpn may be told when it asks. */
typedef struct
{
  AditEndpoint remote;             /* its port is the profile's */
  AditEndpoint proxy;              /* none where the profile has none */
  guint8       remote_number;      /* 0 is the profile's first */
  guint8       over_tcp;
  guint8       reserved[6];
  char         device[ADIT_WIRE_DEVICE_NAME_MAX_BYTES];
  char         management_path[ADIT_WIRE_PATH_MAX_BYTES];    /* where openvpn is to connect to */
  /* as a person typed them; "": what the profile has, or none */
  char         username[ADIT_WIRE_CREDENTIAL_MAX_BYTES], password[ADIT_WIRE_CREDENTIAL_MAX_BYTES];
  char         answer[ADIT_WIRE_CREDENTIAL_MAX_BYTES], passphrase[ADIT_WIRE_CREDENTIAL_MAX_BYTES];
  char         proxy_username[ADIT_WIRE_CREDENTIAL_MAX_BYTES], proxy_password[ADIT_WIRE_CREDENTIAL_MAX_BYTES];
  char         question[ADIT_WIRE_HANDLE_MAX_BYTES];    /* "", or of the question that @answer is for */
  guint8       reserved2[4];
} AditWireOpenvpn;

/* A name that a person's file has, and whom to ask for its addresses by HTTPS. */
typedef struct
{
  char   host[ADIT_HOST_NAME_MAX_BYTES];
  char   resolver[ADIT_HOST_NAME_MAX_BYTES];    /* the name that the resolver's certificate must carry */
  guint8 family;                                /* AditFamily; NONE: both */
  guint8 reserved[3];
} AditWireLookUp;

typedef enum
{
  ADIT_WIRE_TRUST_BUILT_IN = 0,    /* no descriptor */
  ADIT_WIRE_TRUST_REPLACED,        /* PEM roots in the place of the built-in ones, and of what is pinned */
  ADIT_WIRE_TRUST_SYSTEM,          /* those of this computer, for a service that has none built in */
  ADIT_N_WIRE_TRUSTS
} AditWireTrust;

/* What somebody says besides a credential: to a question at the sign-in, or of a gift. */
typedef struct
{
  char   captcha[ADIT_WIRE_CAPTCHA_MAX_BYTES], code[ADIT_WIRE_CAPTCHA_MAX_BYTES];
  char   handle[ADIT_WIRE_HANDLE_MAX_BYTES];    /* of the question that they answer */
  char   voucher[ADIT_WIRE_VOUCHER_MAX_BYTES];
  guint8 old_public_key[ADIT_WG_KEY_BYTES];
  guint8 is_forced, is_connected;               /* 0 or 1 */
  guint8 reserved[6];
} AditWireAnswers;

/* Of the servers at a place: by which protocol, entering where, and which of them at all. */
typedef struct
{
  AditPlace        entry;        /* with @has_entry */
  guint8           has_entry;    /* 0 or 1 */
  guint8           protocol;     /* AditProtocol */
  guint8           pick;         /* AditPick */
  guint8           has_near;     /* 0 or 1 */
  guint8           has_ipv6_outside;    /* 0 or 1: a server's IPv6 address can be reached from here */
  guint8           reserved[7];
  AditServerFilter filter;
  AditPosition     near;         /* with @has_near: where this computer is, roughly */
  guint32          n_places;     /* 0: @place of the request; else any of these, and that is empty */
  AditPlace        places[ADIT_CHOICE_MAX_FAVOURITES];
} AditWireChoice;

/* What a service tells of an account besides when it ends. */
typedef struct
{
  char    name[ADIT_NAME_MAX_BYTES];    /* of the plan; "": it does not say */
  guint32 device_limit;                 /* 0: it does not say */
  guint8  is_inactive, is_renewed, refuses_multihop, reserved;    /* 0 or 1 */
} AditWirePlan;

/* A report, and where it goes. */
typedef struct
{
  char    id[ADIT_WIRE_REPORT_ID_LENGTH + 1];
  /* SEND alone, as in a DSN (client/report/dsn.h) */
  char    host[ADIT_HOST_NAME_MAX_BYTES];
  char    folder[65], key[65], project[21];
  char    pin[45];          /* "": what the roots of this computer sign for */
  guint8  has_note;         /* REPORT: 0 or 1 */
  guint16 port;
  guint8  reserved[2];
} AditWireReportTask;

typedef struct
{
  AditWireHeader header;
  char           build_id[ADIT_WIRE_BUILD_ID_MAX_BYTES];
  guint32        want;                 /* AditWireWant */
  guint32        try_number;           /* CHOOSE: 0 first; a later try draws again */
  char           service[ADIT_SERVICE_ID_MAX_BYTES];
  char           credential[ADIT_WIRE_SIGN_IN_MAX_BYTES];
  char           device_id[ADIT_WIRE_DEVICE_ID_MAX_BYTES];
  char           token[ADIT_WIRE_TOKEN_MAX_BYTES];
  gint64         token_expires_at_s;   /* UTC, seconds since 1970; 0 without a token */
  gint64         now_s;                /* the helper's clock: the worker asks no one else */
  guint8         public_key[ADIT_WG_KEY_BYTES];
  AditPlace      place;
  char           avoid[ADIT_SERVER_MAX_BYTES];   /* a server that has just failed; taken only if it is the only one */
  AditEndpoint   api[ADIT_SERVICE_MAX_API];      /* the addresses that CONNECT may name, best first; EXIT: see above */
  guint32        n_api;
  guint8         has_list;             /* first descriptor: the list as it was stored, read-only */
  guint8         has_trust;            /* AditWireTrust: of the next descriptor */
  guint8         has_ipv6;             /* this computer has IPv6: the device's IPv6 address may be used inside */
  guint8         has_openvpn_trust;    /* CHOOSE: last descriptor: what the service's OpenVPN servers are known by */
  /* here and below: what the compiler would leave as a hole is named, sent as zero and checked */
  guint8         reserved[8];
  AditWireOpenvpn openvpn;             /* OPENVPN */
  AditWireLookUp  look_up;             /* LOOK_UP */
  AditWireAnswers answers;
  AditWireChoice  choice;              /* CHOOSE */
  AditWireReportTask report;           /* REPORT, SEND */
} AditWireRequest;

typedef struct
{
  AditWireHeader header;
  AditEndpoint   endpoint;
} AditWireConnect;

typedef struct
{
  AditWireHeader header;
  guint32        error;      /* 0: the descriptor is attached; otherwise 1 + AditError, and none is */
  guint32        reserved;
} AditWireConnected;

typedef struct
{
  AditWireHeader header;
  char           token[ADIT_WIRE_TOKEN_MAX_BYTES];
  gint64         expires_at_s;
} AditWireToken;

typedef struct
{
  AditWireHeader header;
  guint32        size_list_bytes;    /* of the attached memfd; 0: not modified, nothing attached */
  guint32        n_changed_keys;     /* servers that have another key than in the list that came with the request */
  char           changed_server[ADIT_SERVER_MAX_BYTES];    /* the first of them; "": there is none */
} AditWireList;

typedef struct
{
  AditWireHeader header;
  char           device_id[ADIT_WIRE_DEVICE_ID_MAX_BYTES];
  char           device_name[ADIT_NAME_MAX_BYTES];
  AditPrefix     addresses[ADIT_TUNNEL_MAX_ADDRESSES];
  guint32        n_addresses;             /* 0: they are not known yet, or are of each tunnel */
  guint32        reserved;
  guint32        reserved2;
  gint64         account_expires_at_s;    /* 0: the service did not say */
  AditWirePlan   plan;
} AditWireDevice;

typedef struct
{
  AditWireHeader header;
  gint64         account_expires_at_s;
  gint64         service_time_s;      /* what its clock says; 0: it did not say */
  guint32        device_is_known;     /* 0 or 1 */
  guint32        key_is_other;        /* 0 or 1: it would be, but the service has another key of it */
  AditPrefix     addresses[ADIT_TUNNEL_MAX_ADDRESSES];   /* as the service has them now; n 0 when the device is not known */
  guint32        n_addresses;         /* also 0 where the service does not say them again */
  guint32        reserved2;
  guint32        reserved3;
  AditWirePlan   plan;
} AditWireAccount;

typedef struct
{
  AditWireHeader header;
  AditEndpoint   peer;
  guint8         peer_key[ADIT_WG_KEY_BYTES];
  AditPrefix     allowed_ips[ADIT_WIRE_MAX_ALLOWED_IPS];
  guint32        n_allowed_ips;
  AditAddress    dns[ADIT_TUNNEL_MAX_DNS];
  guint32        n_dns;
  guint32        mtu_bytes;
  guint32        keepalive_s;
  AditLocation   location;
  AditLocation   entry;                  /* all zero: by the server at @location */
  AditEndpoint   inner_peer;             /* none, or in a tunnel to @peer the server to which all that is allowed goes */
  guint8         inner_peer_key[ADIT_WG_KEY_BYTES];
  AditPrefix     addresses[ADIT_TUNNEL_MAX_ADDRESSES];    /* of a tunnel that the service has made */
  guint32        n_addresses;
  guint8         preshared_key[ADIT_WG_KEY_BYTES];        /* zero: none */
  guint32        protocol;               /* AditProtocol */
  guint32        size_profile_bytes;     /* of the attached memfd, for OpenVPN: a profile whose one server is @peer */
  char           blocks[ADIT_TUNNEL_MAX_BLOCKS][ADIT_CODE_MAX_BYTES];    /* what @dns leaves out, of what was asked for */
  guint32        n_blocks;
  guint32        reserved;
} AditWireTunnel;

/* It may be the only copy: it is kept before anything else is done. */
typedef struct
{
  AditWireHeader header;
  char           credential[ADIT_WIRE_SIGN_IN_MAX_BYTES];    /* "": as it is */
  /* for OpenVPN; "": as they are */
  char           username[ADIT_WIRE_CREDENTIAL_MAX_BYTES], password[ADIT_WIRE_CREDENTIAL_MAX_BYTES];
} AditWireLogin;

typedef struct
{
  AditWireHeader header;
  char           id[ADIT_WIRE_DEVICE_ID_MAX_BYTES], name[ADIT_NAME_MAX_BYTES];
  gint64         created_at_s;    /* UTC; 0: the service does not say */
  guint32        is_ours;         /* 0 or 1 */
  guint32        reserved;
} AditWireDeviceRow;

typedef struct
{
  AditWireHeader header;
} AditWireDone;

typedef struct
{
  AditWireHeader header;
  guint32        error;                               /* AditError */
  char           detail[ADIT_WIRE_DETAIL_MAX_BYTES];  /* printable UTF-8 on one line, for the log and the hint */
  guint32        pause_s;                             /* OPENVPN: before the next try, as openvpn would have it; else 0 */
} AditWireFailed;

typedef struct
{
  AditWireHeader header;
  AditAddress    address;        /* IPv4, public: what the world sees of this computer */
  guint8         reserved[3];
} AditWireExit;

typedef struct
{
  AditWireHeader header;
  guint32        size_bytes;    /* of the attached memfd */
  guint32        reserved;
} AditWireConfiguration;

typedef struct
{
  AditWireHeader header;
} AditWireManagement;    /* the descriptor is attached */

typedef struct
{
  AditWireHeader header;
  AditPrefix     addresses[ADIT_TUNNEL_MAX_ADDRESSES];
  guint32        n_addresses;
  AditAddress    dns[ADIT_TUNNEL_MAX_DNS];
  guint32        n_dns;         /* 0: the server named none that can be used, nor did the file */
  guint32        mtu_bytes;
} AditWireAssigned;

typedef struct
{
  AditWireHeader header;
} AditWireRunning;

typedef struct
{
  AditWireHeader header;
  guint64        received_bytes, sent_bytes;    /* of the carrier, since openvpn started */
  guint32        age_ms;       /* since the first of them last grew.  Openvpn counts before it proves who a packet is from */
  guint32        reserved;
} AditWireProgress;

typedef enum
{
  ADIT_WIRE_ASKS_WORDS = 0,    /* openvpn's server, in words */
  ADIT_WIRE_ASKS_CAPTCHA,      /* a service: what is written in the picture */
  ADIT_WIRE_ASKS_CODE,         /* of a second factor */
  ADIT_WIRE_ASKS_BROWSER,      /* to sign in at @text, and to ask again with @handle */
  ADIT_N_WIRE_ASKS
} AditWireAsks;

/* A lying worker can ask a person anything, in words that are shown as the server's; an address to sign in at is compared with
 * the service's own by whoever opens it. */
typedef struct
{
  AditWireHeader header;
  char           text[ADIT_OPENVPN_TEXT_MAX_BYTES];     /* printable UTF-8 on one line; "" where the server's are not */
  char           handle[ADIT_WIRE_HANDLE_MAX_BYTES];    /* "": the answer goes by itself */
  guint8         echo;                                  /* 0 or 1: what is typed may be seen */
  guint8         kind;                                  /* AditWireAsks */
  guint8         was_wrong;                             /* 0 or 1: the last answer was */
  guint8         reserved;
  guint32        size_picture_bytes;                    /* of the attached memfd, which nobody with rights looks into; 0: none */
} AditWireQuestion;

typedef struct
{
  AditWireHeader header;
  char           token[ADIT_WIRE_TOKEN_MAX_BYTES];
} AditWireAuthToken;

/* A lying worker can hand up any text as somebody's profile, which its owner is told about in these words.  Nobody with rights
 * reads the text: it goes back to a worker, or to its owner. */
typedef struct
{
  AditWireHeader   header;
  guint32          size_text_bytes;    /* of what is kept of it */
  AditProfileFacts facts;
} AditWireProfile;

/* Comes with two sealed memfds: what is to be said, for the client; and where there are profiles, what is kept of them, one text
 * behind the other in the order of their messages. */
typedef struct
{
  AditWireHeader header;
  guint32        n_profiles;
  guint32        size_texts_bytes;    /* the sum of the profiles' */
  guint32        size_lines_bytes;
  guint32        reserved;
} AditWireImported;

/* One server of an OpenVPN profile: by name or by address, and the same of the proxy before it.  A lying worker can name whose
 * server it likes, as the file can; the lock opens to that one address, port and protocol. */
typedef struct
{
  AditWireHeader header;
  char           name[ADIT_HOST_NAME_MAX_BYTES], proxy_name[ADIT_HOST_NAME_MAX_BYTES];    /* "": it is an address, or none */
  AditAddress    address, proxy_address;
  guint16        port, proxy_port;    /* @proxy_port 0: there is no proxy */
  guint8         over_tcp;            /* 0 or 1 */
  guint8         family;              /* AditFamily that its name is to be looked up for; none: either */
  guint8         n_servers;           /* of the profile */
  guint8         reserved[3];
} AditWireServer;

/* By name or by address; it takes the next so many of the allowed IPs. */
typedef struct
{
  guint8         key[ADIT_WG_KEY_BYTES], preshared_key[ADIT_WG_KEY_BYTES];
  char           name[ADIT_HOST_NAME_MAX_BYTES];    /* "": it is an address */
  AditAddress    address;
  guint8         has_preshared_key;    /* 0 or 1 */
  guint16        port, n_allowed_ips, keepalive_s;
} AditWirePeer;

/* The tunnel of a WireGuard profile.  Its keys go up once a try, to the kernel or wireguard-go.  A lying worker can name as many
 * peers as a file can; the lock opens to these addresses and ports, by UDP and for the carrier alone. */
typedef struct
{
  AditWireHeader header;
  guint8         private_key[ADIT_WG_KEY_BYTES];
  AditPrefix     addresses[ADIT_TUNNEL_MAX_ADDRESSES];
  guint32        n_addresses;
  AditPrefix     allowed_ips[ADIT_TUNNEL_MAX_ALLOWED_IPS];    /* of all peers, in their order */
  AditAddress    dns[ADIT_TUNNEL_MAX_DNS];
  guint32        n_dns;
  AditWirePeer   peers[ADIT_TUNNEL_MAX_PEERS];
  guint32        n_peers;
  guint16        mtu_bytes, reserved;
} AditWirePeers;

typedef struct
{
  AditWireHeader header;
  AditAddress    addresses[ADIT_WIRE_MAX_LOOKED_UP];    /* public, no two the same, of the families asked for */
  guint32        n_addresses;                           /* at least one */
} AditWireAddresses;

/* Each is public, on ADIT_SERVICE_API_PORT, and no other's like; the rest is zero. */
typedef struct
{
  AditWireHeader header;
  AditEndpoint   endpoints[ADIT_SERVICE_MAX_API];
  guint32        n_endpoints;    /* at least one */
} AditWireApi;

/* Our programs, by number, so that no name travels. */
typedef enum
{
  ADIT_WIRE_PROGRAM_HELPER = 0, ADIT_WIRE_PROGRAM_WORKER, ADIT_WIRE_PROGRAM_COMMAND, ADIT_WIRE_PROGRAM_WINDOW,
  ADIT_N_WIRE_PROGRAMS
} AditWireProgram;

typedef struct
{
  AditWireHeader header;
  guint32        program;     /* AditWireProgram */
  guint8         build_number[ADIT_WIRE_BUILD_NUMBER_BYTES];    /* what it was linked as */
} AditWireModule;

typedef struct
{
  AditWireHeader header;
  guint8         has_program, has_debug;    /* 0 or 1: in this order, and never the second alone */
  guint8         reserved[6];
} AditWireModuleFiles;

typedef struct
{
  AditWireHeader header;
  char           key[ADIT_WIRE_REPORT_KEY_LENGTH + 1];
  guint8         reserved[3];
  guint32        size_text_bytes;    /* of the attached memfd */
} AditWireReport;

typedef enum
{
  ADIT_WIRE_SEND_DONE = 0, ADIT_WIRE_SEND_LATER, ADIT_WIRE_SEND_REFUSED,
  ADIT_N_WIRE_SENDS
} AditWireSend;

typedef struct
{
  AditWireHeader header;
  guint32        outcome;          /* AditWireSend */
  guint32        status;           /* of HTTP */
  guint32        retry_after_s;    /* 0: the server did not say */
  guint32        reserved;
} AditWireReported;

typedef union
{
  AditWireHeader    header;
  AditWireRequest   request;
  AditWireConnect   connect;
  AditWireConnected connected;
  AditWireToken     token;
  AditWireList      list;
  AditWireDevice    device;
  AditWireAccount   account;
  AditWireTunnel    tunnel;
  AditWireDone      done;
  AditWireFailed    failed;
  AditWireExit      exit;
  AditWireConfiguration configuration;
  AditWireManagement    management;
  AditWireAssigned      assigned;
  AditWireRunning       running;
  AditWireProgress      progress;
  AditWireQuestion      question;
  AditWireAuthToken     auth_token;
  AditWireImported  imported;
  AditWireProfile   profile;
  AditWireServer    server;
  AditWirePeers     peers;
  AditWireAddresses     addresses;
  AditWireLogin         login;
  AditWireDeviceRow     device_row;
  AditWireApi           api;
  AditWireModule        module;
  AditWireModuleFiles   module_files;
  AditWireReport        report;
  AditWireReported      reported;
  guint8            bytes[ADIT_WIRE_MESSAGE_MAX_BYTES];
} AditWireMessage;

gsize    adit_wire_op_size   (AditWireOp op);
void     adit_wire_begin     (AditWireMessage *message, AditWireOp op, guint32 attempt);
/* Is this packet, of @length bytes with @n_fds descriptors, a message that a worker (or a helper) may send? */
gboolean adit_wire_check_from_worker (const AditWireMessage *message, gsize length, guint n_fds, GError **error);
gboolean adit_wire_check_from_helper (const AditWireMessage *message, gsize length, guint n_fds, GError **error);
gboolean adit_wire_may_follow        (AditWireWant want, AditWireOp before, AditWireOp op);
gboolean adit_wire_is_aside          (AditWireOp op);
gboolean adit_wire_is_of_this_build  (const AditWireMessage *message, gsize length);

G_END_DECLS
