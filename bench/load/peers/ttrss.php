<?php
// Tables of Tiny Tiny RSS, one user, the feeds and the reports as its updater leaves them.
// php ttrss.php SOCKET SCHEMA REPORTS
[, $socket, $schema, $reports] = $argv;
$options = [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION];
$db = new PDO("mysql:unix_socket=$socket;dbname=ttrss;charset=utf8", 'root', '', $options);
$made = $db->query(file_get_contents($schema));
while ($made->nextRowset()) {
}
$made = null;
$db->exec("UPDATE ttrss_prefs SET def_value = 'true' WHERE pref_name = 'ENABLE_API_ACCESS'");
// What a first login would copy for a user.
$db->exec('INSERT INTO ttrss_user_prefs (owner_uid, pref_name, value) SELECT 1, pref_name, def_value FROM ttrss_prefs');
$db->beginTransaction();
$feed = $db->prepare('INSERT INTO ttrss_feeds (owner_uid, title, feed_url, last_updated) VALUES (1, ?, ?, NOW())');
$entry = $db->prepare(
    'INSERT INTO ttrss_entries (id, title, guid, link, updated, content, content_hash, date_entered, date_updated)'
    . ' VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
$own = $db->prepare(
    "INSERT INTO ttrss_user_entries (ref_id, uuid, feed_id, owner_uid, tag_cache, label_cache) VALUES (?, ?, ?, 1, '', '')");
$feeds = [];
foreach (new SplFileObject($reports) as $line) {
    if (!$report = json_decode($line, true)) {
        continue;
    }
    $source = $report['source'];
    if (!isset($feeds[$source])) {
        $feed->execute([$source, 'https://news.example/' . rawurlencode($source)]);
        $feeds[$source] = $db->lastInsertId();
    }
    $content = '';
    foreach ([$report['standfirst'], ...$report['body']] as $part) {
        $content .= "<p>$part</p>\n";
    }
    $link = "https://news.example/{$report['slug']}";
    $at = $report['at'];
    $entry->execute([$report['pk'], $report['title'], $link, $link, $at, $content, sha1($content), $at, $at]);
    $own->execute([$report['pk'], $report['slug'], $feeds[$source]]);
}
$db->commit();
$db->exec('ANALYZE TABLE ttrss_entries, ttrss_user_entries, ttrss_feeds');
